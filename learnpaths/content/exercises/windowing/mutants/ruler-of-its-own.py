# %% id="prepare"
def prepare(series, window, horizon, cut):
    """Return (x_train, y_train, x_test, y_test, mean, spread), the arrays scaled by the mean and standard deviation of series[:cut]."""
    mean, spread = series[:cut].mean(), series[:cut].std()
    x, y = make_rows(series, window, horizon)
    train, test = split_rows(len(x), window, horizon, cut)
    own_mean, own_spread = series[cut:].mean(), series[cut:].std()
    return (x[train] - mean) / spread, (y[train] - mean) / spread, (x[test] - own_mean) / own_spread, (y[test] - own_mean) / own_spread, mean, spread
