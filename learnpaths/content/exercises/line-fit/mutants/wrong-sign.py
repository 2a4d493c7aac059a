# %% id="step"
def step(w, b, x, y, learning_rate):
    """Return the pair (w, b) after one step of gradient descent on the mean squared error."""
    slope_of_w, slope_of_b = gradients(w, b, x, y)
    return w + learning_rate * slope_of_w, b + learning_rate * slope_of_b
