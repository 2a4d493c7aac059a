# %% id="train"
x_train, y_train = make_rows(days, WINDOW, HORIZON, 1)
found = np.linalg.lstsq(np.column_stack([x_train, np.ones(len(x_train))]), y_train, rcond=None)[0]
model = keras.Sequential([keras.Input((WINDOW,)), keras.layers.Dense(HORIZON)])
model.set_weights([found[:-1], found[-1]])
