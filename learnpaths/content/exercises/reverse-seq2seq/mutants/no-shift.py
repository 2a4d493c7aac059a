# %% id="shift"
def shift_right(target):
    """Return the decoder's input: the start token, then the target without its last column. The target stays as it is."""
    return np.array(target)
