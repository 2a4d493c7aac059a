# %% id="quieter"
traces["quieter"] = 0

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def quieter(signal):
    traces["quieter"] += 1
    halvings = tf.constant(0)
    if tf.reduce_max(tf.abs(signal)) > 1.0:
        signal = signal / 2.0
        halvings += 1
    return signal, halvings
