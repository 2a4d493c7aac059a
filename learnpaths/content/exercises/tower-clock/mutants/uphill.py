# %% id="fit"
def fit(t, seconds, trust, learning_rate=0.3, steps=100):
    """Return (a, b), two floats, after `steps` steps of gradient descent from (0, 0)."""
    a, b = 0.0, 0.0
    for _ in range(steps):
        bend, slope = gradients(a, b, t, seconds, trust)
        a, b = a + learning_rate * bend, b + learning_rate * slope
    return a, b
