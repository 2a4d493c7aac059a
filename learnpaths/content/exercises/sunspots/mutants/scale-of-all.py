# %% id="prepare"
def prepare(series, cut):
    """Return (x_train, y_train, x_valid, y_valid, centre, spread); nothing from the cut on reaches the first two or the last two."""
    x, y = make_rows(series)
    answer = np.arange(len(x)) + WINDOW
    train, valid = answer + HORIZON <= cut, answer >= cut
    return x[train], y[train], x[valid], y[valid], series.mean(), series.std()
