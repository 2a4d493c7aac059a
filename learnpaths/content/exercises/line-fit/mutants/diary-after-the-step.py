# %% id="fit"
def fit(x, y, learning_rate=0.1, steps=200):
    """Return (w, b, losses) after `steps` steps from (0, 0); losses[i] is the loss before step i."""
    w, b, losses = 0.0, 0.0, []
    for _ in range(steps):
        w, b = step(w, b, x, y, learning_rate)
        losses.append(float(mean_squared_error(w, b, x, y)))
    return w, b, losses
