# %% id="read"
def read(picture):
    """Return the digit that the model sees in one picture."""
    return float(model.predict(picture[np.newaxis], verbose=0).max())
