# %% id="quieter"
traces["quieter"] = 0

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def quieter(signal):
    traces["quieter"] += 1
    for _ in range(3):
        signal = signal / 2.0
    return signal, tf.constant(3)
