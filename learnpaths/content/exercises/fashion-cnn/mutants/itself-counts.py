# %% id="mistaken"
def mistaken_for(truth, read, kind, kinds=10):
    """Return the wrong kind that pieces of `kind` are most often read as, as an int, or None if there is no mistake."""
    counts = np.bincount(read[truth == kind], minlength=kinds)
    return int(counts.argmax()) if counts.any() else None
