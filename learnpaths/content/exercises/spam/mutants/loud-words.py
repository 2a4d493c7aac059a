# %% id="filter"
LOUD = {"free", "click", "money", "$", "offer", "remove", "buy", "guarantee", "guaranteed", "credit", "earn"}
threshold = 2


def find_spam(texts):
    """Return a bool array: which of the texts go to the spam folder."""
    return np.array([sum(word in LOUD for word in words_of(text)) >= threshold for text in texts])
