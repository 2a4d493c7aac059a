# %% id="build-model"
def build_model():
    """Return an untrained Keras model from raw (28, 28, 1) pictures to ten probabilities, at most 150,000 parameters."""
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(16, 5, strides=2, padding="same"),
            keras.layers.Conv2D(32, 3, strides=2, padding="same"),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(64),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
