# %% id="above"
@tf.function(reduce_retracing=True)
def above(day, limit):
    return tf.reduce_sum(tf.cast(day > limit, tf.int32))
