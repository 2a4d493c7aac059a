# %% id="usual"
def usual(series, season, times):
    """Return a float array as long as the series: the mean of the numbers 1 … times seasons before, np.nan where one is missing."""
    late = [np.concatenate([np.full(season * back, np.nan), series[: len(series) - season * back]]) for back in range(times)]
    return np.mean(late, axis=0)
