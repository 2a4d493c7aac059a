# %% id="model"
def build_model():
    """Return an untrained Keras model from raw (36, 36, 1) pictures to ten probabilities, at most 120,000 parameters."""
    return keras.Sequential(
        [
            keras.Input((36, 36, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(24, 5, strides=2, padding="same"),
            keras.layers.Conv2D(48, 3, padding="same"),
            keras.layers.MaxPooling2D(3),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(48),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )


model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
for epoch in range(15):
    model.fit(lay_all(images, epoch)[..., None], labels, epochs=1, batch_size=64, verbose=0)
