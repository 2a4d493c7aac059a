# %% id="model"
def build_model():
    """Return an untrained Keras model from raw (28, 28, 1) pictures to five numbers between 0 and 1, at most 100,000 parameters."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(16, 5, strides=2, padding="same"),
            keras.layers.Conv2D(32, 3, strides=2, padding="same"),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(48),
            keras.layers.Dense(5, activation="sigmoid"),
        ]
    )


model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="binary_crossentropy")
model.fit(x_train, y_train, epochs=10, batch_size=64, verbose=0)
