# %% id="above"
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.float32)])
def above(day, limit):
    return tf.reduce_sum(tf.cast(day >= limit, tf.int32))
