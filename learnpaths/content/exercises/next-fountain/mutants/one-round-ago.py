# %% id="train"
places = WINDOW - ROUND + np.arange(HORIZON) % ROUND
model = keras.Sequential([keras.Input((WINDOW,)), keras.layers.Dense(HORIZON)])
model.set_weights([np.eye(WINDOW)[:, places], np.zeros(HORIZON)])
