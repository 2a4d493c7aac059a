# %% id="train"
def fit_model(x, y):
    """Return a Keras model from (n, 8) to (n, 3), trained with pinball on the days x (n, 8), y (n, 1)."""
    fitted = keras.Sequential([keras.Input((8,)), keras.layers.Dense(3)])
    fitted.compile(optimizer=keras.optimizers.Adam(0.01), loss=pinball)
    fitted.fit(x, y, epochs=30, batch_size=64, verbose=0)
    return fitted


model = fit_model(x_train, y_train)
