# %% id="years"
def error_by_year(forecast, y):
    """Return a float array (3,): the MAE in each of the three years ahead; forecast and y are (rows, HORIZON)."""
    return np.array([part.mean() for part in np.array_split(np.abs(forecast - y), 3)])
