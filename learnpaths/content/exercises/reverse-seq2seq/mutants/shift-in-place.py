# %% id="shift"
def shift_right(target):
    """Return the decoder's input: the start token, then the target without its last column. The target stays as it is."""
    target[:, 1:] = target[:, :-1].copy()
    target[:, 0] = START
    return target
