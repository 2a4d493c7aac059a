# %% id="build-model"
def build_model():
    """Return an untrained Keras model from (60,) word numbers to one probability of praise, at most 60,000 parameters."""
    return keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            keras.layers.Embedding(WORDS, 64),
            keras.layers.Conv1D(96, 7, padding="same", activation="relu"),
            keras.layers.GlobalMaxPooling1D(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )

# %% id="train"
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.003), loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, validation_data=(x_valid, y_valid), epochs=2, batch_size=64, verbose=0)
