# %% id="train"
columns = np.column_stack([x_train, np.ones(len(x_train))])
found = np.linalg.lstsq(columns, y_train, rcond=None)[0][:, 0]
misses, hour = y_train[:, 0] - columns @ found, x_train[:, 9:33].argmax(axis=1)
spreads = np.array([misses[hour == which].std() for which in range(24)])
weights = np.zeros((x_train.shape[1], 2))
weights[:, 0], weights[9:33, 1] = found[:-1], np.log(np.expm1(spreads - FLOOR))
model = keras.Sequential([keras.Input((x_train.shape[1],)), keras.layers.Dense(2)])
model.set_weights([weights, np.array([found[-1], 0.0])])
