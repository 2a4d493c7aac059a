# %% id="mean-squared-error"
def mean_squared_error(w, b, x, y):
    """Return the mean squared error of the line w·x + b on the points (x, y), as one number (a scalar tensor)."""
    return tf.reduce_sum((w * x + b - y) ** 2)
