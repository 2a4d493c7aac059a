# %% id="scaler"
def fit_scaler(x_train):
    """Return (mean, std) per column of the training rows; a column that never changes gets std 1."""
    return x_train.mean(axis=0), x_train.std(axis=0)


def apply_scaler(x, mean, std):
    """Return the rows of x in units of the training part: zero is its mean, one is its standard deviation."""
    return (x - mean) / std
