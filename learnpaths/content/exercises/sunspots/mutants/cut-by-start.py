# %% id="prepare"
def prepare(series, cut):
    """Return (x_train, y_train, x_valid, y_valid, centre, spread); nothing from the cut on reaches the first two or the last two."""
    x, y = make_rows(series)
    train, valid = slice(0, cut - WINDOW), slice(cut - WINDOW, None)
    return x[train], y[train], x[valid], y[valid], series[:cut].mean(), series[:cut].std()
