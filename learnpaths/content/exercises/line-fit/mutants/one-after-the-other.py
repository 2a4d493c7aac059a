# %% id="step"
def step(w, b, x, y, learning_rate):
    """Return the pair (w, b) after one step of gradient descent on the mean squared error."""
    w = w - learning_rate * gradients(w, b, x, y)[0]
    b = b - learning_rate * gradients(w, b, x, y)[1]
    return w, b
