# %% id="rows"
def make_rows(days, window, horizon, step):
    """Return x (rows, window) and y (rows, horizon): questions and answers, each within one of the days (days, minutes)."""
    pieces = np.lib.stride_tricks.sliding_window_view(np.ravel(days), window + horizon)[::step]
    return pieces[:, :window], pieces[:, window:]
