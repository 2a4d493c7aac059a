# %% id="lazy"
def same_hour(x, delay, horizon, season):
    """Return forecasts (rows, horizon) from the last season of the questions x (rows, window), with the delay between question and answer."""
    return x[:, np.arange(horizon) % season - season]
