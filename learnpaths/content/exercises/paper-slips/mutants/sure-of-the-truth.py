# %% id="sure"
def sure(probabilities, truth, level):
    """Return (share of slips with a largest probability of at least level, share of these that are right or nan)."""
    chosen = probabilities[np.arange(len(truth)), truth] >= level
    right = probabilities.argmax(axis=1) == truth
    return float(chosen.mean()), float(right[chosen].mean()) if chosen.any() else float("nan")
