# %% id="feed"
def feed(target):
    """Return (given, weights): the decoder's input, and float32 weights that sum to 1 in each row."""
    given = np.full_like(target, START)
    given[:, 1:] = target[:, :-1]
    counts = (np.asarray(target) != PAD).astype("float32")
    return given, counts
