# %% id="lay"
def lay(image, row, column, light):
    """Return a uint8 (SIDE, SIDE) picture with the uint8 image at (row, column), its values times light, at most 255."""
    picture = np.zeros((SIDE, SIDE), "uint8")
    height, width = image.shape
    picture[row : row + height, column : column + width] = (image * float(light)).astype(int).astype("uint8")
    return picture
