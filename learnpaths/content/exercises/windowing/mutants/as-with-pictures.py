# %% id="split"
def split_rows(count, window, horizon, cut):
    """Return (train, test), two integer arrays: of the rows 0 … count-1 those with the whole answer before the cut, and from the cut on."""
    mixed = np.random.default_rng(0).permutation(count)
    known = max(cut - window - horizon + 1, 0)
    return mixed[:known], mixed[known:]

# %% id="prepare"
def prepare(series, window, horizon, cut):
    """Return (x_train, y_train, x_test, y_test, mean, spread), the arrays scaled by the mean and standard deviation of series[:cut]."""
    mean, spread = series.mean(), series.std()
    x, y = make_rows((series - mean) / spread, window, horizon)
    train, test = split_rows(len(x), window, horizon, cut)
    return x[train], y[train], x[test], y[test], mean, spread
