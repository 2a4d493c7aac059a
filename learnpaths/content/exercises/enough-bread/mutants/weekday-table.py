# %% id="train"
def fit_model(x, y):
    """Return a Keras model from (n, 8) to (n, 3), trained with pinball on the days x (n, 8), y (n, 1)."""
    table = np.stack([np.quantile(y[x[:, day] == 1], QUANTILES[0]) for day in range(7)] + [np.zeros(3)])
    fixed = keras.Sequential([keras.Input((8,)), keras.layers.Dense(3)])
    fixed.set_weights([table, np.zeros(3)])
    return fixed


model = fit_model(x_train, y_train)
