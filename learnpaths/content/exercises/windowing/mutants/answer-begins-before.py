# %% id="split"
def split_rows(count, window, horizon, cut):
    """Return (train, test), two integer arrays: of the rows 0 … count-1 those with the whole answer before the cut, and from the cut on."""
    rows = np.arange(count)
    return rows[rows + window < cut], rows[rows + window >= cut]
