# %% id="vent"
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def vent(day):
    steps = tf.constant(0)
    for _ in range(3):
        day = day - 2.0
        steps += 1
    return steps
