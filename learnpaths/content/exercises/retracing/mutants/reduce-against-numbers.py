# %% id="knocks"
traces["knocks"] = 0

@tf.function(reduce_retracing=True)
def knocks(signal, limit):
    traces["knocks"] += 1
    return tf.reduce_sum(tf.cast(tf.abs(signal) > limit, tf.int32))
