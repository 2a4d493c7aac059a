# %% id="naive"
def seasonal_naive(x, horizon, season):
    """Return forecasts (rows, horizon): each step ahead is what stood a season before it, the last season of x again and again."""
    return x[:, np.arange(horizon) % season]
