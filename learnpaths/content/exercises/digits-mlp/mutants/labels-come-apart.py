# %% id="split"
x_mixed = np.random.default_rng(0).permutation(images)
y_mixed = np.random.default_rng(1).permutation(labels)
x_valid, y_valid = x_mixed[:200], y_mixed[:200]
x_train, y_train = x_mixed[200:], y_mixed[200:]
