# %% id="build-model"
def build_model():
    """Return an untrained model from [source, decoder input] to (7, 16) probabilities, at most 80,000 parameters."""
    layers = keras.layers
    read, written = keras.Input((LENGTH,), dtype="int32"), keras.Input((LENGTH,), dtype="int32")
    queries = layers.GRU(64, return_sequences=True, unroll=True)(layers.Embedding(TOKENS, 64)(written))
    return keras.Model([read, written], layers.Dense(TOKENS, activation="softmax")(queries))
