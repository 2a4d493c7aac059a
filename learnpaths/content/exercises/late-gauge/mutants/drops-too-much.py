# %% id="make-rows"
def make_rows(series, window, delay, horizon):
    """Return (x, y, at): complete questions (rows, window), their answers (rows, horizon) after the delay, and where each question begins."""
    pieces = np.lib.stride_tricks.sliding_window_view(series, window + delay + horizon)
    at = np.flatnonzero(~np.isnan(pieces).any(axis=1))
    return pieces[at, :window], pieces[at, window + delay :], at
