# %% id="train"
x_train, y_train = make_rows(days, WINDOW, HORIZON, 3)
model = keras.Sequential(
    [
        keras.Input((WINDOW,)),
        keras.layers.Rescaling(1 / 30, -100 / 30),
        keras.layers.Dense(64),
        keras.layers.Dense(64),
        keras.layers.Dense(HORIZON),
        keras.layers.Rescaling(30, 100),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="mae")
model.fit(x_train, y_train, epochs=20, batch_size=64, verbose=0)
