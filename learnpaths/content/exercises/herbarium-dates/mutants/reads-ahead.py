# %% id="train"
layers = keras.layers
read, written = keras.Input((LENGTH,), dtype="int32"), keras.Input((LENGTH,), dtype="int32")
values = layers.Conv1D(64, 7, padding="same", activation="relu")(layers.Embedding(TOKENS, 64)(read))
queries = layers.Conv1D(64, 7, padding="same", activation="relu")(layers.Embedding(TOKENS, 64)(written))
found = layers.Attention(use_scale=True)([queries, values])
mixed = layers.Dense(64, activation="relu")(layers.Concatenate()([queries, found]))
model = keras.Model([read, written], layers.Dense(TOKENS, activation="softmax")(mixed))
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
given, weights = feed(target)
model.fit([source, given], target, sample_weight=weights, epochs=4, batch_size=64, verbose=0)
