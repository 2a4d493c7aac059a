# %% id="make-rows"
def make_rows(series, window, horizon):
    """Return (x, y): all questions of length window, and for each the horizon numbers that follow it."""
    starts = range(len(series) - window - horizon)
    x = np.array([series[start : start + window] for start in starts]).reshape(-1, window)
    y = np.array([series[start + window : start + window + horizon] for start in starts]).reshape(-1, horizon)
    return x, y
