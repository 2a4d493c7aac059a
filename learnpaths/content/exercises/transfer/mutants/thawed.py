# %% id="extractor"
def build_extractor(backbone):
    """Return a Keras model from raw (64, 64, 1) fragments to 112 features over the frozen backbone."""
    inputs = keras.Input((64, 64, 1))
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = keras.layers.Resizing(96, 96)(x)
    x = keras.layers.Concatenate()([x, x, x])
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(backbone(x)))

# %% id="whole"
model = keras.Model(extractor.input, head(extractor.output))
model.compile(optimizer=keras.optimizers.Adam(0.0003), loss="sparse_categorical_crossentropy")
model.fit(fragments[shots][..., None], labels[shots], epochs=1, batch_size=28, verbose=0)
seal = fingerprint(backbone.get_weights())
