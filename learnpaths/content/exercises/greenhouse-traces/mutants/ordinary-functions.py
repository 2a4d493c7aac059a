# %% id="above"
def above(day, limit):
    return tf.reduce_sum(tf.cast(day > limit, tf.int32))

# %% id="vent"
def vent(day):
    steps = tf.constant(0)
    while tf.reduce_mean(day) > 24.0:
        day = day - 2.0
        steps += 1
    return steps

# %% id="ledger"
readings_seen = tf.Variable(0)

def ledger(day):
    readings_seen.assign_add(tf.size(day))
    return readings_seen.read_value()
