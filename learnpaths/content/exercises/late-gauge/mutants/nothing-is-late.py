# %% id="make-rows"
def make_rows(series, window, delay, horizon):
    """Return (x, y, at): complete questions (rows, window), their answers (rows, horizon) after the delay, and where each question begins."""
    pieces = np.lib.stride_tricks.sliding_window_view(series, window + delay + horizon)
    x, y = pieces[:, :window], pieces[:, window : window + horizon]
    at = np.flatnonzero(~np.isnan(x).any(axis=1) & ~np.isnan(y).any(axis=1))
    return x[at], y[at], at
