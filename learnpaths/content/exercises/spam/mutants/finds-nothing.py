# %% id="filter"
threshold = 1.0


def find_spam(texts):
    """Return a bool array: which of the texts go to the spam folder."""
    return np.zeros(len(texts), dtype=bool)
