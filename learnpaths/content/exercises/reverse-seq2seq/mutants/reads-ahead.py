# %% id="build-model"
def build_model():
    """Return an untrained model from [source, decoder input] to (7, 16) probabilities, at most 80,000 parameters."""
    layers = keras.layers
    read, written = keras.Input((LENGTH,), dtype="int32"), keras.Input((LENGTH,), dtype="int32")
    values = layers.GRU(64, return_sequences=True, unroll=True)(layers.Embedding(TOKENS, 32)(read))
    queries = layers.Bidirectional(layers.GRU(32, return_sequences=True, unroll=True))(layers.Embedding(TOKENS, 32)(written))
    found = layers.Attention()([queries, values])
    mixed = layers.Dense(64, activation="relu")(layers.Concatenate()([queries, found]))
    return keras.Model([read, written], layers.Dense(TOKENS, activation="softmax")(mixed))
