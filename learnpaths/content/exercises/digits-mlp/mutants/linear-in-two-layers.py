# %% id="build-model"
def build_model():
    """Return an untrained Keras model from raw (8, 8) digits to ten probabilities, at most 20,000 parameters."""
    return keras.Sequential(
        [
            keras.Input((8, 8)),
            keras.layers.Rescaling(1 / 16),
            keras.layers.Flatten(),
            keras.layers.Dense(64),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )

# %% id="train"
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.004), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, validation_data=(x_valid, y_valid), epochs=40, batch_size=64, verbose=0)
