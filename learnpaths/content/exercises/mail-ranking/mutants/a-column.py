# %% id="score"
words = keras.layers.TextVectorization(max_tokens=8000, output_sequence_length=200)
words.adapt(train_texts)
model = keras.Sequential(
    [
        keras.Input((200,), dtype="int64"),
        keras.layers.Embedding(8000, 16, mask_zero=True),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="binary_crossentropy")
model.fit(np.asarray(words(train_texts)), train_is_spam.astype("float32"), epochs=5, batch_size=64, verbose=0)


def score(texts):
    """Return one number for each text, higher for spam."""
    return model.predict(np.asarray(words(list(texts))), verbose=0, batch_size=256)
