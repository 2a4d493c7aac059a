# %% id="loudness"
traces["loudness"] = 0

def loudness(signal):
    traces["loudness"] += 1
    return tf.sqrt(tf.reduce_mean(signal**2))

# %% id="knocks"
traces["knocks"] = 0

def knocks(signal, limit):
    traces["knocks"] += 1
    return tf.reduce_sum(tf.cast(tf.abs(signal) > limit, tf.int32))

# %% id="quieter"
traces["quieter"] = 0

def quieter(signal):
    traces["quieter"] += 1
    halvings = tf.constant(0)
    while tf.reduce_max(tf.abs(signal)) > 1.0:
        signal = signal / 2.0
        halvings += 1
    return signal, halvings

# %% id="log"
traces["log"] = 0
trains_seen = tf.Variable(0)
loudest_knock = tf.Variable(0.0)

def log(signal):
    traces["log"] += 1
    trains_seen.assign_add(1)
    loudest_knock.assign(tf.maximum(loudest_knock, tf.reduce_max(tf.abs(signal))))
    return trains_seen.read_value()
