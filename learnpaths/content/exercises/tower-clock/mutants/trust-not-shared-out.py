# %% id="loss"
def weighted_loss(a, b, t, seconds, trust):
    """Return the weighted mean squared error of the curve a·t² + b·t, as one number (a scalar tensor)."""
    distance = a * t**2 + b * t - seconds
    return tf.reduce_mean(trust * distance**2)
