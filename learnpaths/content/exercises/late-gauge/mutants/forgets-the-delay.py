# %% id="prepare"
def prepare(series, window, delay, horizon, cut):
    """Return (x_train, y_train, x_test, y_test, mean, spread), scaled by the readings before the cut."""
    mean, spread = np.nanmean(series[:cut]), np.nanstd(series[:cut])
    x, y, at = make_rows((series - mean) / spread, window, delay, horizon)
    answer = at + window
    train, test = answer + horizon <= cut, answer >= cut
    return x[train], y[train], x[test], y[test], mean, spread
