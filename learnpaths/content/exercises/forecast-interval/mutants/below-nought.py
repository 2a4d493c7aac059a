# %% id="interval"
def interval(mean, spread, reach):
    """Return (low, high) in calls, both (n, 1): reach spreads to each side of the mean, low never below 0; mean and spread are in tens."""
    return 10 * (mean - reach * spread), 10 * (mean + reach * spread)


REACH = find_reach(*(np.asarray(part) for part in parts(model.predict(x_valid, verbose=0))), y_valid, 0.9)
