# %% id="model"
model = keras.Sequential(
    [
        keras.Input((8, 16)),
        keras.layers.Rescaling(1 / 16),
        keras.layers.Flatten(),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.004), loss="sparse_categorical_crossentropy")
model.fit(x_train, y_train, epochs=20, batch_size=256, verbose=0)
