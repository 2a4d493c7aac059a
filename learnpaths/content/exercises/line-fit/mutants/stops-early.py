# %% id="fit"
def fit(x, y, learning_rate=0.1, steps=200):
    """Return (w, b, losses) after `steps` steps from (0, 0); losses[i] is the loss before step i."""
    w, b, losses = 0.0, 0.0, []
    for count in range(steps):
        losses.append(float(mean_squared_error(w, b, x, y)))
        w, b = step(w, b, x, y, learning_rate)
        if count == 9:
            return w, b, losses
    return w, b, losses
