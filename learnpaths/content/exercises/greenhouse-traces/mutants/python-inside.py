# %% id="vent"
def in_python(day):
    steps = 0
    while day.mean() > 24.0:
        day, steps = day - np.float32(2), steps + 1
    return np.int32(steps)

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def vent(day):
    return tf.numpy_function(in_python, [day], tf.int32)
