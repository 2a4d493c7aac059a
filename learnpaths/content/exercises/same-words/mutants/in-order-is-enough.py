# %% id="told"
def told_apart(cross, content):
    """Return the share of pairs whose cross entry is above 0.5 and whose content entry is below it."""
    return float((np.asarray(cross) > np.asarray(content)).mean())
