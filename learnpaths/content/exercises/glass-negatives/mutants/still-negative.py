# %% id="extractor"
def build_extractor(backbone):
    """Return a Keras model from raw (64, 64, 1) negatives to 112 features over the frozen backbone."""
    backbone.trainable = False
    inputs = keras.Input((64, 64, 1))
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = keras.layers.Concatenate()([x, x, x])
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(backbone(x)))
