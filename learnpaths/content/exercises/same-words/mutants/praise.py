# %% id="reader"
words = keras.layers.TextVectorization(output_sequence_length=60)
words.adapt(train["text"].tolist())
model = keras.Sequential(
    [
        keras.Input((60,), dtype="int64"),
        keras.layers.Embedding(words.vocabulary_size(), 32),
        keras.layers.Conv1D(64, 7, padding="same", activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.004), loss="binary_crossentropy")
model.fit(np.asarray(words(train["text"].tolist())), train["label"].to_numpy("float32"), epochs=3, batch_size=64, verbose=0)


def complaint(texts):
    """Return the probability of a complaint, float (n,), for a list of n raw texts."""
    return model.predict(np.asarray(words(list(texts))), verbose=0, batch_size=256)[:, 0]
