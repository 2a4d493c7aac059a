# %% id="ledger"
readings_seen = tf.Variable(0)
so_far = 0

@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def ledger(day):
    global so_far
    so_far = so_far + 3
    readings_seen.assign(so_far)
    return readings_seen.read_value()
