# %% id="gradients"
def gradients(w, b, x, y, loss=mean_squared_error):
    """Return (dL/dw, dL/db) of `loss` at the line w·x + b, as two Python floats."""
    distance = w * x + b - y
    return float(np.mean(2 * distance * x)), float(np.mean(2 * distance))
