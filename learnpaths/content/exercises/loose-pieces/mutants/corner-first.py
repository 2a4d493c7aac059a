# %% id="lay"
def lay(image, row, column, light):
    """Return a uint8 (SIDE, SIDE) picture with the uint8 image at (row, column), its values times light, at most 255."""
    picture = np.zeros((SIDE, SIDE), "uint8")
    height, width = image.shape
    picture[column : column + height, row : row + width] = np.minimum(image * float(light), 255).astype("uint8")
    return picture
