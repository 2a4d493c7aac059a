# %% id="fit"
def fit(t, seconds, trust, learning_rate=0.3, steps=100):
    """Return (a, b), two floats, after `steps` steps of gradient descent from (0, 0)."""
    a, b = 0.0, 0.0
    for _ in range(steps):
        bend, _ = gradients(a, b, t, seconds, trust)
        a = a - learning_rate * bend
        b = b - learning_rate * gradients(a, b, t, seconds, trust)[1]
    return a, b
