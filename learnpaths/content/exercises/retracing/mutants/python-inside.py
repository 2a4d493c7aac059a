# %% id="loudness"
traces["loudness"] = 0

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def loudness(signal):
    traces["loudness"] += 1
    return tf.numpy_function(lambda values: np.sqrt((values**2).mean()), [signal], tf.float32)

# %% id="quieter"
traces["quieter"] = 0

def in_python(signal):
    halvings = 0
    while np.abs(signal).max() > 1:
        signal, halvings = signal / np.float32(2), halvings + 1
    return signal, np.int32(halvings)

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def quieter(signal):
    traces["quieter"] += 1
    return tf.numpy_function(in_python, [signal], [tf.float32, tf.int32])
