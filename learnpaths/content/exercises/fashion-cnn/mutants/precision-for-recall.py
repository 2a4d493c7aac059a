# %% id="recall"
def recalls(truth, read, kinds=10):
    """Return a float array (kinds,): for each kind the share of its pieces that was read as it, nan if there are none."""
    shares = np.full(kinds, np.nan)
    for kind in range(kinds):
        if (read == kind).any():
            shares[kind] = (truth[read == kind] == kind).mean()
    return shares
