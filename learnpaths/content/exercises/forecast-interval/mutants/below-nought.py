# %% id="interval"
def interval(mean, spread, reach):
    """Return (low, high) in calls, both (n, 1): reach spreads to each side of the mean, low never below 0; mean and spread are in tens."""
    return 10 * (mean - reach * spread), 10 * (mean + reach * spread)
