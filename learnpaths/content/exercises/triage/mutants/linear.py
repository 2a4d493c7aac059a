# %% id="train"
def build_model():
    """Return an untrained Keras model from raw (48, 48, 1) films to one probability, at most 100,000 parameters."""
    return keras.Sequential(
        [
            keras.Input((48, 48, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.LayerNormalization(axis=[1, 2, 3], center=False, scale=False),
            keras.layers.Conv2D(16, 5, strides=2, padding="same"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, padding="same"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(64),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="binary_crossentropy")
model.fit(x_train[..., None], y_train, epochs=14, batch_size=32, verbose=0)
