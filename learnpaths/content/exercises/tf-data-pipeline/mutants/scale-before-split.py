# %% id="prepare"
def prepare(x, y, test_share=0.25, batch_size=32, seed=0):
    """Return (train, test): two tf.data pipelines over scaled rows, without leakage from test to train."""
    x = apply_scaler(x, *fit_scaler(x))
    train_rows, test_rows = split_rows(len(x), test_share, seed)
    train = make_dataset(x[train_rows], y[train_rows], batch_size, training=True, seed=seed)
    test = make_dataset(x[test_rows], y[test_rows], batch_size, training=False)
    return train, test
