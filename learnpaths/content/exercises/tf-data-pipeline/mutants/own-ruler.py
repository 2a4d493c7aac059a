# %% id="prepare"
def prepare(x, y, test_share=0.25, batch_size=32, seed=0):
    """Return (train, test): two tf.data pipelines over scaled rows, without leakage from test to train."""
    train_rows, test_rows = split_rows(len(x), test_share, seed)
    x_train, x_test = (apply_scaler(x[rows], *fit_scaler(x[rows])) for rows in (train_rows, test_rows))
    train = make_dataset(x_train, y[train_rows], batch_size, training=True, seed=seed)
    test = make_dataset(x_test, y[test_rows], batch_size, training=False)
    return train, test
