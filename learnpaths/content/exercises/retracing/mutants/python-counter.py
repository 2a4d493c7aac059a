# %% id="log"
traces["log"] = 0
trains_seen = tf.Variable(0)
loudest_knock = tf.Variable(0.0)
python_count = 0

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def log(signal):
    global python_count
    traces["log"] += 1
    python_count += 1
    trains_seen.assign(python_count)
    loudest_knock.assign(tf.maximum(loudest_knock, tf.reduce_max(tf.abs(signal))))
    return trains_seen.read_value()
