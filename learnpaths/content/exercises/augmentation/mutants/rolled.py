# %% id="move"
def move(image, down, right):
    """Return the (height, width) image moved by whole pixels, zeros where nothing was."""
    return np.roll(image, (down, right), axis=(0, 1))
