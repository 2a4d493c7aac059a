# %% id="habit"
def to_habit(images):
    """Return uint8 (n, height, width) as float32 (n, height, width, 3), each value as (value - 127) / 128."""
    return np.repeat(images.astype("float32")[..., None] / 255, 3, axis=-1)
