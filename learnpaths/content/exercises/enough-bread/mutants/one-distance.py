# %% id="train"
def fit_model(x, y):
    """Return a Keras model from (n, 8) to (n, 3), trained with pinball on the days x (n, 8), y (n, 1)."""
    days = keras.Input((8,))
    hidden = keras.layers.Dense(32, activation="relu")(keras.layers.Dense(32, activation="relu")(days))
    middle = keras.layers.Dense(1)(hidden)
    point = keras.Model(days, middle)
    point.compile(optimizer=keras.optimizers.Adam(0.003), loss="mae")
    point.fit(x, y, epochs=30, batch_size=64, verbose=0)
    low, high = np.quantile(y - point.predict(x, verbose=0), (0.1, 0.9))
    below, above = keras.layers.Rescaling(1, float(low))(middle), keras.layers.Rescaling(1, float(high))(middle)
    return keras.Model(days, keras.layers.Concatenate()([below, middle, above]))


model = fit_model(x_train, y_train)
