# %% id="feed"
def feed(target):
    """Return (given, weights): the decoder's input, and float32 weights that sum to 1 in each row."""
    counts = (np.asarray(target) != PAD).astype("float32")
    given = target
    given[:, 1:] = target[:, :-1].copy()
    given[:, 0] = START
    return given, counts / counts.sum(axis=1, keepdims=True)
