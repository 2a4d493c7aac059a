# %% id="knocks"
traces["knocks"] = 0

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.float32)])
def knocks(signal, limit):
    traces["knocks"] += 1
    return tf.reduce_sum(tf.cast(signal > limit, tf.int32))
