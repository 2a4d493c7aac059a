# %% id="mistaken"
def mistaken_for(truth, read, kind, kinds=10):
    """Return the wrong kind that pieces of `kind` are most often read as, as an int, or None if there is no mistake."""
    counts = np.bincount(truth[read == kind], minlength=kinds)
    counts[kind] = 0
    return int(counts.argmax()) if counts.any() else None
