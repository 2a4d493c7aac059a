# %% [markdown] id="story"
# # The clock and the weather
#
# A tower clock goes wrong by some seconds a day, and the error depends on how far the temperature $t$ is from 20 degrees: about $a t^2 + b t$, with $t$ in tens of degrees. The
# warden's readings can be trusted; those of visitors with their phones less so. You will fit the curve so that a reading with three times the
# **trust** counts as much as three readings.
#
# **Metric.** A hidden check draws fresh readings of which a part is good and a part is bad. The larger error of $a$ and $b$ must be at most **0.08**. Others
# compare each function, and each of the first steps of the loop, with the formulas.
#
# **Data card.** SIMULATED by a random generator: 80 readings `t`, `seconds`, `trust`. The true curve is known.
#
# **Limits.** 60 seconds of CPU time. TensorFlow 2.21. To pass you need 80 % of the points, 80 % of the hidden points, and each check marked *required*.

# %% id="imports" role="setup"
import numpy as np
import tensorflow as tf

# %% id="data" role="setup"
_generator = np.random.default_rng(914)
t = _generator.uniform(-1.5, 1.5, 80)
trust = np.where(_generator.random(80) < 0.3, 9.0, 1.0)
seconds = 1.3 * t**2 - 2.1 * t + _generator.normal(0, 1, 80) / trust
print(f"{len(t)} readings, {int((trust > 1).sum())} of them by the warden")

# %% [markdown] id="loss-text"
# ## Step 1 · A loss that knows whom to trust
#
# $$L(a, b) = \frac{\sum_i r_i (a t_i^2 + b t_i - s_i)^2}{\sum_i r_i}$$
#
# with $r$ for the trust and $s$ for the seconds, in TensorFlow operations. Trust is never negative, and not all of it is 0.

# %% id="loss" role="solution" hints=["Which part of the formula is a distance, one for each reading?", "tf.reduce_sum twice: above and below the line of the fraction."]
def weighted_loss(a, b, t, seconds, trust):
    """Return the weighted mean squared error of the curve a·t² + b·t, as one number (a scalar tensor)."""
    ### BEGIN SOLUTION
    distance = a * t**2 + b * t - seconds
    return tf.reduce_sum(trust * distance**2) / tf.reduce_sum(trust)
    ### END SOLUTION

# %% id="loss-by-hand" role="check" points=2 title="The loss of three readings, worked out on paper"
loss_ = weighted_loss(1.0, 1.0, np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.0, 6.0]), np.array([3.0, 1.0, 4.0]))
close(loss_, 7 / 8, "The distances are −1, 2 and 0 with trust 3, 1 and 4: (3 · 1 + 1 · 4 + 0) / 8 = 0.875.", atol=1e-4)

# %% id="loss-fresh" role="check" hidden=true points=2 required=true title="The loss of readings that you have not seen" feedback="On random readings your loss differed from the formula. Try readings with trust 0, and only one reading." requires=["loss"]
for n_ in (1, 6, 40):
    a_, b_ = (float(value_) for value_ in rng.uniform(-2, 2, 2))
    t_, s_, r_ = rng.normal(0, 1, n_), rng.normal(0, 2, n_), rng.uniform(0.1, 5, n_)
    close(weighted_loss(a_, b_, t_, s_, r_), (r_ * (a_ * t_**2 + b_ * t_ - s_) ** 2).sum() / r_.sum(), rtol=1e-4)

# %% [markdown] id="gradients-text"
# ## Step 2 · Both gradients
#
# Return $\partial L / \partial a$ and $\partial L / \partial b$ of your loss as two Python floats, with a `tf.GradientTape`. Call `weighted_loss` while the tape is
# open: a check marks your loss, so that its gradient is twice as long for a moment, and only a tape hears that.

# %% id="gradients" role="solution" hints=["What must happen while the tape is open?", "tape.gradient takes the result and a list of variables. Turn tensors into numbers at the very end only."]
def gradients(a, b, t, seconds, trust):
    """Return (dL/da, dL/db) of the weighted loss, as two Python floats."""
    a = tf.Variable(a, dtype=tf.float32)
    b = tf.Variable(b, dtype=tf.float32)
    t, seconds, trust = (tf.constant(values, dtype=tf.float32) for values in (t, seconds, trust))
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        value = weighted_loss(a, b, t, seconds, trust)
    bend, slope = tape.gradient(value, [a, b])
    return float(bend), float(slope)
    ### END SOLUTION

# %% id="marked" role="setup"
def marked_gradients(factor, *readings):
    """Call your `gradients` while the gradient of your loss is `factor` times as long."""
    global weighted_loss
    own = weighted_loss

    @tf.custom_gradient
    def mark(value):
        return tf.identity(value), lambda upstream: factor * upstream

    weighted_loss = lambda *arguments: mark(own(*arguments))  # noqa: E731
    try:
        return gradients(*readings)
    finally:
        weighted_loss = own

# %% id="gradients-by-hand" role="check" points=2 title="The gradients at the same readings"
readings_ = 1.0, 1.0, np.array([0.0, 1.0, 2.0]), np.array([1.0, 0.0, 6.0]), np.array([3.0, 1.0, 4.0])
for factor_ in (1.0, 2.0):
    da_, db_ = marked_gradients(factor_, *readings_)
    close(da_, factor_ * 0.5, f"Only the reading at 1 has a distance and a lever: 2 · 1 · 2 · 1 / 8 = 0.5 by a, {factor_:.0f} times in this call.", atol=1e-3)
    close(db_, factor_ * 0.5, f"Only the reading at 1 has a distance and a lever: 2 · 1 · 2 · 1 / 8 = 0.5 by b, {factor_:.0f} times in this call.", atol=1e-3)

# %% id="gradients-fresh" role="check" hidden=true points=3 required=true title="The gradients at readings that you have not seen" feedback="On random readings, with a marked loss, your gradients differed from the exact ones. Do they come from a tape that followed weighted_loss? Try readings with trust 0, and only one reading." requires=["gradients"]
for n_ in (1, 6, 40):
    a_, b_ = (float(value_) for value_ in rng.uniform(-2, 2, 2))
    t_, s_, r_, factor_ = rng.normal(0, 1, n_), rng.normal(0, 2, n_), rng.uniform(0.1, 5, n_), float(rng.uniform(2, 9))
    lever_ = factor_ * 2 * r_ * (a_ * t_**2 + b_ * t_ - s_) / r_.sum()
    da_, db_ = marked_gradients(factor_, a_, b_, t_, s_, r_)
    close(da_, (lever_ * t_**2).sum(), rtol=1e-3, atol=1e-2)
    close(db_, (lever_ * t_).sum(), rtol=1e-3, atol=1e-2)

# %% [markdown] id="fit-text"
# ## Step 3 · The loop
#
# Start at `a = 0`, `b = 0` and take `steps` steps against the gradient. Both new values come from the old pair.

# %% id="fit" role="solution" hints=["One call of gradients for each step. In which direction do you go?", "A pair can be replaced at once: a, b = …, … . Return after the loop."]
def fit(t, seconds, trust, learning_rate=0.3, steps=100):
    """Return (a, b), two floats, after `steps` steps of gradient descent from (0, 0)."""
    ### BEGIN SOLUTION
    a, b = 0.0, 0.0
    for _ in range(steps):
        bend, slope = gradients(a, b, t, seconds, trust)
        a, b = a - learning_rate * bend, b - learning_rate * slope
    return a, b
    ### END SOLUTION

# %% id="one-move" role="check" points=2 title="One step, worked out on paper"
a_, b_ = fit(np.array([0.0, 1.0, 2.0]), np.array([1.0, 1.0, 6.0]), np.array([3.0, 1.0, 4.0]), learning_rate=0.1, steps=1)
close(a_, 2.425, "From (0, 0) one step of 0.1 leads to (2.425, 1.225). This is your a.", atol=1e-3)
close(b_, 1.225, "From (0, 0) one step of 0.1 leads to (2.425, 1.225). This is your b.", atol=1e-3)

# %% id="recovers" role="check" points=2 title="Exact readings give the exact curve"
t_ = np.linspace(-1.5, 1.5, 13)
a_, b_ = fit(t_, 0.5 * t_**2 - 2 * t_, np.ones(13), learning_rate=0.3, steps=100)
close(a_, 0.5, "The readings lie on 0.5 t² − 2 t. This is your a.", rtol=0, atol=0.01)
close(b_, -2, "The readings lie on 0.5 t² − 2 t. This is your b.", rtol=0, atol=0.01)

# %% id="own-descent" role="examiner"
def descend_(t, seconds, trust, rate, steps):
    """Return (a, b) after so many steps of gradient descent from (0, 0), by the formula."""
    a, b = 0.0, 0.0
    for _ in range(steps):
        lever = 2 * trust * (a * t**2 + b * t - seconds) / trust.sum()
        a, b = a - rate * (lever * t**2).sum(), b - rate * (lever * t).sum()
    return a, b


def follow_(steps):
    """Demand that so many steps lead where gradient descent leads on fresh readings."""
    t, trust, rate = rng.uniform(-1.5, 1.5, 30), rng.uniform(0.1, 5, 30), float(rng.uniform(0.05, 0.3))
    seconds = float(rng.uniform(0.5, 2)) * t**2 - float(rng.uniform(0.5, 2)) * t + rng.normal(0, 0.5, 30)
    own_a, own_b = descend_(t, seconds, trust, rate, steps)
    a, b = fit(t, seconds, trust, learning_rate=rate, steps=steps)
    close(a, own_a, rtol=1e-3, atol=1e-3)
    close(b, own_b, rtol=1e-3, atol=1e-3)

# %% id="path-fresh" role="check" hidden=true points=3 required=true title="The loop takes the steps of gradient descent" feedback="We drew readings, a learning rate and a number of steps, and worked out where gradient descent from (0, 0) is after so many steps. Your curve was another one. Do both new values come from the old pair, and is there one step for each turn?" requires=["fit"]
follow_(2)
follow_(9)

# %% id="fit-fresh" role="check" hidden=true points=4 required=true title="Three curves from good and bad readings that you have not seen" feedback="We drew three curves, 300 readings each, a part of them bad and marked by a small trust. The larger error of bend and slope was above 0.08 at least once, or the first steps were not those of gradient descent. Does the trust enter the loss?" requires=["fit"]
errors_ = []
for _ in range(3):
    true_ = rng.uniform(0.5, 2, 2) * rng.choice([-1, 1], 2)
    t_ = rng.uniform(-1.5, 1.5, 300)
    bad_ = rng.random(300) < 0.4
    s_ = true_[0] * t_**2 + true_[1] * t_ + np.where(bad_, rng.normal(2.5, 1, 300), rng.normal(0, 0.05, 300))
    a_, b_ = fit(t_, s_, np.where(bad_, 0.01, 1.0), learning_rate=0.3, steps=100)
    errors_ += [abs(number(a_) - float(true_[0])), abs(number(b_) - float(true_[1]))]
worst_ = max(errors_)
report_metric("largest error of bend or slope", worst_, threshold=0.08, better="lower")
assert worst_ <= 0.08
follow_(4)
