# %% id="gradients"
def gradients(a, b, t, seconds, trust):
    """Return (dL/da, dL/db) of the weighted loss, as two Python floats."""
    a = tf.Variable(a, dtype=tf.float32)
    b = tf.Variable(b, dtype=tf.float32)
    t, seconds, trust = (tf.constant(values, dtype=tf.float32) for values in (t, seconds, trust))
    with tf.GradientTape() as tape:
        value = tf.constant(float(weighted_loss(a, b, t, seconds, trust)))
    bend, slope = tape.gradient(value, [a, b])
    return float(bend), float(slope)
