# %% id="reach"
def find_reach(mean, spread, truth, share):
    """Return the number of spreads to each side within which a share of the truths lies; the arrays are (n, 1)."""
    return float(np.quantile((truth - mean) / spread, share))
