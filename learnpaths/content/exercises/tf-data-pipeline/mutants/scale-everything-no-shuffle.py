# %% id="split"
def split_rows(n, test_share, seed):
    """Return (train_rows, test_rows): two integer arrays that together hold 0 … n−1, mixed by the seed."""
    rows = np.arange(n)
    cut = n - round(n * test_share)
    return rows[:cut], rows[cut:]

# %% id="make-dataset"
def make_dataset(x, y, batch_size, training, seed=0):
    """Return a tf.data.Dataset of (x, y) batches: shuffled anew in each epoch if `training`, in order otherwise."""
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    return dataset.batch(batch_size)

# %% id="prepare"
def prepare(x, y, test_share=0.25, batch_size=32, seed=0):
    """Return (train, test): two tf.data pipelines over scaled rows, without leakage from test to train."""
    x = apply_scaler(x, *fit_scaler(x))
    train_rows, test_rows = split_rows(len(x), test_share, seed)
    train = make_dataset(x[train_rows], y[train_rows], batch_size, training=True, seed=seed)
    test = make_dataset(x[test_rows], y[test_rows], batch_size, training=False)
    return train, test
