# %% id="promise"
REACH = find_reach(*(np.asarray(part) for part in parts(model.predict(x_train, verbose=0))), y_train, 0.9)
