# %% id="split"
order = np.random.default_rng(0).permutation(len(images))
x_valid, y_valid = images[order[:200]], labels[order[:200]]
x_train, y_train = images[order], labels[order]
