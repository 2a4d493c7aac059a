# %% id="read"
def read(picture):
    """Return the digit that the model sees in one picture."""
    return int(model.predict(picture, verbose=0).argmax())
