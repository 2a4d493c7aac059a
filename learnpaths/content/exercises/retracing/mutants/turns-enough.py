# %% id="quieter"
traces["quieter"] = 0

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def quieter(signal):
    traces["quieter"] += 1
    halvings = tf.constant(0)
    for _ in range(12):
        loud = tf.reduce_max(tf.abs(signal)) > 1.0
        signal = tf.where(loud, signal / 2.0, signal)
        halvings += tf.cast(loud, tf.int32)
    return signal, halvings
