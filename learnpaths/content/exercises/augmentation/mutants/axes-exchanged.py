# %% id="move"
def move(image, down, right):
    """Return the (height, width) image moved by whole pixels, zeros where nothing was."""
    height, width = image.shape
    border = max(abs(down), abs(right))
    padded = np.pad(image, border)
    return padded[border - right : border - right + height, border - down : border - down + width]
