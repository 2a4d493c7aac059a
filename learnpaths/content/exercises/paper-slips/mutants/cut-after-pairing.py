# %% id="split"
x_all, y_all = make_slips(images, labels, 22_000, 1)
x_train, y_train = x_all[:20_000], y_all[:20_000]
x_valid, y_valid = x_all[20_000:], y_all[20_000:]
