# %% id="train"
def build_model():
    """Return an untrained Keras model from (200,) word numbers to one probability of spam."""
    return keras.Sequential(
        [
            keras.Input((200,), dtype="int32"),
            keras.layers.Embedding(8000, 16, mask_zero=True),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )


model = build_model()
history = None
