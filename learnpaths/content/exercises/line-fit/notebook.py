# %% [markdown] id="story"
# # Fit a line by hand
#
# A beekeeper weighs a hive once a week. In the flowering weeks the hive gets heavier, and the number she wants is *how many
# kilograms a week*: it tells her when to add another box of frames. Her scale is old and the wind leans on it, so the points do
# not lie on a line. You will fit the line to them.
#
# NumPy can do this in one call, and at the end we use that call to check you. You will do it the long way, because the long way
# is the one that also trains a network with a million parameters: a **loss**, its **gradients**, and a **loop** of small steps.
#
# **Metric.** A hidden check draws fresh data (400 points, noise 0.05) and looks at the error of your slope and of your intercept.
# The larger of the two must be at most **0.05**. The other checks compare your functions with numbers worked out by hand.
#
# **Data card.** SIMULATED: 60 weighings made in the notebook by a random generator with a fixed seed. The true line is known, which
# is the point of simulating: we can see whether you found it. A real hive would also be robbed, fed and rained on.
#
# **Limits.** 60 seconds of CPU time. TensorFlow 2.21. You need 80 % of the points. No attempt is used up by running cells.

# %% id="imports" role="setup"
import numpy as np
import tensorflow as tf

# %% [markdown] id="data-text"
# ## The weighings
# `weeks` counts from the middle of the season, so that half the values are negative. `weight` is in kilograms.

# %% id="data" role="setup"
_generator = np.random.default_rng(20200311)
weeks = np.sort(_generator.uniform(-2.0, 2.0, size=60))
weight = 31.0 + 2.4 * weeks + _generator.normal(0.0, 0.6, size=60)

print(f"{len(weeks)} weighings, from {weight.min():.1f} kg to {weight.max():.1f} kg")
for i in range(0, 60, 12):
    print(f"week {weeks[i]:+.2f}   {weight[i]:.2f} kg")

# %% [markdown] id="loss-text"
# ## Step 1 · One number for how wrong a line is
#
# The line predicts $w x + b$. The *mean squared error* is the average, over all points, of the squared distance between what the
# line predicts and what was measured:
#
# $$L(w, b) = \frac{1}{n} \sum_{i=1}^{n} (w x_i + b - y_i)^2$$
#
# Write it with TensorFlow operations (`tf.reduce_mean` and friends, or plain arithmetic), because in step 2 TensorFlow has to follow
# what you did. `x` and `y` are arrays of the same length.

# %% id="mean-squared-error" role="solution" hints=["How far is the line from each point? That is one subtraction on whole arrays; no loop is needed.", "Square the distances, then take their average. TensorFlow's averages are called reduce_-something.", "A loss that grows when you add more points is a sum, not a mean. With the points (0, 1), (1, 3), (2, 5) and w = 1, b = 0 the distances are -1, -2, -3, and the loss is 14 divided by 3."]
def mean_squared_error(w, b, x, y):
    """Return the mean squared error of the line w·x + b on the points (x, y), as one number (a scalar tensor)."""
    ### BEGIN SOLUTION
    return tf.reduce_mean((w * x + b - y) ** 2)
    ### END SOLUTION

# %% id="loss-of-truth" role="check" points=1 title="The line that made the data has loss 0"
x_ = np.array([-1.0, 0.0, 2.0, 5.0])
loss_ = float(mean_squared_error(2.0, 1.0, x_, 2.0 * x_ + 1.0))
assert abs(loss_) < 1e-6, f"The points lie exactly on 2x + 1, so the loss must be 0. It came out as {loss_:.4f}."

# %% id="loss-by-hand" role="check" points=1 title="The loss agrees with one worked out on paper"
loss_ = float(mean_squared_error(1.0, 0.0, np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0])))
assert abs(loss_ - 14 / 3) < 1e-4, (
    f"Points (0, 1), (1, 3), (2, 5) with w = 1 and b = 0 have the loss (1 + 4 + 9) / 3 = 4.6667. It came out as {loss_:.4f}."
    + (" That is the sum: divide by the number of points." if abs(loss_ - 14) < 1e-4 else "")
)

# %% [markdown] id="gradient-text"
# ## Step 2 · Which way is uphill?
#
# A `tf.GradientTape` records the operations on variables while it is open, and can then say how the result would change if each
# variable changed a little. Those two numbers are the *gradient*: $\partial L / \partial w$ and $\partial L / \partial b$.
#
# `w` and `b` arrive as plain numbers and the first two lines turn them into variables. `loss` is a function with the same arguments as
# yours. Call it while the tape is open; ask the tape for the gradients when it is closed; return them as two Python numbers.
#
# You could also differentiate on paper. That would be right for this loss and wrong for the next one. The tape does not care which
# loss it is given, and one of the checks makes sure of that.

# %% id="gradients" role="solution" hints=["Which line has to be inside the with-block so that the tape can see it? Everything between the variables and the loss.", "A tape has a method that takes the result and a list of variables, and returns a list of the same length.", "If you get None, the tape did not see a path from the variables to the loss: perhaps the loss was computed before the tape was opened, or turned into a Python number on the way. Turn tensors into numbers only at the very end."]
def gradients(w, b, x, y, loss=mean_squared_error):
    """Return (dL/dw, dL/db) of `loss` at the line w·x + b, as two Python floats."""
    w = tf.Variable(w, dtype=tf.float32)
    b = tf.Variable(b, dtype=tf.float32)
    ### BEGIN SOLUTION
    with tf.GradientTape() as tape:
        value = loss(w, b, x, y)
    slope_of_w, slope_of_b = tape.gradient(value, [w, b])
    return float(slope_of_w), float(slope_of_b)
    ### END SOLUTION

# %% id="another-loss" role="setup"
def mean_absolute_error(w, b, x, y):
    """Return the mean distance between the line and the points: a second loss, to see that your gradients follow."""
    return tf.reduce_mean(tf.abs(w * x + b - y))


def absolute_error_gradients(w, b, x, y):
    """Call your `gradients` with the second loss."""
    return gradients(w, b, x, y, loss=mean_absolute_error)

# %% id="gradients-by-hand" role="check" points=2 title="Both gradients agree with the ones worked out on paper"
dw_, db_ = gradients(1.0, 0.0, np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]))
assert abs(dw_ + 16 / 3) < 1e-3, (
    f"At w = 1, b = 0 with the points (0, 1), (1, 3), (2, 5) the derivative by w is 2 · (0 - 2 - 6) / 3 = -5.3333. It came out as {dw_:.4f}."
)
assert abs(db_ + 4) < 1e-3, f"At the same place the derivative by b is 2 · (-1 - 2 - 3) / 3 = -4. It came out as {db_:.4f}."

# %% id="any-loss" role="check" points=1 title="The gradients follow whichever loss is passed in"
dw_, db_ = absolute_error_gradients(1.0, 0.0, np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]))
assert abs(dw_ + 1) < 1e-3 and abs(db_ + 1) < 1e-3, (
    f"With the mean absolute error both derivatives are -1 at this place. They came out as {dw_:.4f} and {db_:.4f}: "
    "does your function call the `loss` it was given?"
)

# %% id="gradients-fresh" role="check" hidden=true points=2 title="The gradients are right on data that you have not seen" feedback="We drew lines and points at random and compared your two gradients with the exact derivatives of the mean squared error. At least one was off by more than 0.1 %. Try your function where w, b and the points are negative, and where there is only one point."
for n_ in (1, 7, 50):
    w_, b_ = float(rng.uniform(-3, 3)), float(rng.uniform(-3, 3))
    x_, y_ = rng.normal(0, 2, n_), rng.normal(0, 2, n_)
    distance_ = w_ * x_ + b_ - y_
    expected_ = (2 * distance_ * x_).mean(), (2 * distance_).mean()
    found_ = gradients(w_, b_, x_, y_)
    assert np.allclose(found_, expected_, rtol=1e-3, atol=1e-3), f"expected {expected_}, came {found_}"

# %% [markdown] id="step-text"
# ## Step 3 · One step downhill
#
# The gradient points uphill, so you walk against it, by a distance that the *learning rate* sets. Both new values are computed from
# the **old** pair: first ask for both gradients, then move both parameters.

# %% id="step" role="solution" hints=["You already have a function that gives both gradients. How often do you need to call it for one step?", "Uphill is where the gradient points. Which sign takes you down?", "For each parameter: its old value, and a piece of its own gradient scaled by the learning rate. Do not let the new w take part in computing the new b."]
def step(w, b, x, y, learning_rate):
    """Return the pair (w, b) after one step of gradient descent on the mean squared error."""
    ### BEGIN SOLUTION
    slope_of_w, slope_of_b = gradients(w, b, x, y)
    return w - learning_rate * slope_of_w, b - learning_rate * slope_of_b
    ### END SOLUTION

# %% id="one-step" role="check" points=2 title="One step lands where it should"
w_, b_ = step(1.0, 0.0, np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), learning_rate=0.1)
assert not (w_ < 1.0 or b_ < 0.0), (
    f"The gradients here are negative, so both parameters must grow. They came out as w = {w_:.4f}, b = {b_:.4f}: check the sign."
)
assert abs(w_ - 1.53333) < 1e-3, f"w must move from 1 to 1 + 0.1 · 5.3333 = 1.5333. It came out as {w_:.4f}."
assert abs(b_ - 0.4) < 1e-3, (
    f"b must move from 0 to 0 + 0.1 · 4 = 0.4. It came out as {b_:.4f}. Both gradients belong to the old pair (w, b)."
)

# %% [markdown] id="fit-text"
# ## Step 4 · The loop
#
# Start at `w = 0`, `b = 0`, take `steps` steps, and keep a diary: before each step, write down the loss of the line as it is then. So
# `losses` has exactly `steps` entries and its first entry is the loss of the line 0·x + 0.

# %% id="fit" role="solution" hints=["What has to exist before the first turn of the loop? Two numbers and an empty list.", "Inside the loop there are two things to do, and their order matters: write the loss down, then move.", "Keep plain numbers in the list (float of the loss). Return three things in the order that the docstring gives, after the loop and not inside it."]
def fit(x, y, learning_rate=0.1, steps=200):
    """Return (w, b, losses) after `steps` steps from (0, 0); losses[i] is the loss before step i."""
    ### BEGIN SOLUTION
    w, b, losses = 0.0, 0.0, []
    for _ in range(steps):
        losses.append(float(mean_squared_error(w, b, x, y)))
        w, b = step(w, b, x, y, learning_rate)
    return w, b, losses
    ### END SOLUTION

# %% id="diary" role="check" points=1 title="The diary has one entry per step and starts at the start"
w_, b_, losses_ = fit(np.array([0.0, 1.0, 2.0]), np.array([1.0, 3.0, 5.0]), learning_rate=0.05, steps=4)
assert len(losses_) == 4, f"Four steps give four entries. There are {len(losses_)}."
assert abs(losses_[0] - 35 / 3) < 1e-3, (
    f"The first entry is the loss of the line 0·x + 0, which is (1 + 9 + 25) / 3 = 11.6667. It came out as {losses_[0]:.4f}. "
    "Write the loss down before you move."
)

# %% id="goes-down" role="check" points=2 title="The loop finds a line through exact points"
w_, b_, losses_ = fit(np.array([-1.0, 0.0, 1.0, 2.0]), np.array([5.0, 3.0, 1.0, -1.0]), learning_rate=0.2, steps=60)
assert abs(w_ + 2) < 0.01 and abs(b_ - 3) < 0.01, (
    f"The points lie on -2x + 3. After 60 steps at learning rate 0.2 your line is {w_:.4g}x + {b_:.4g}."
)

# %% id="fit-fresh" role="check" hidden=true points=4 required=true title="The loop recovers three lines from noisy data that you have not seen" feedback="We drew three lines, made 400 noisy points from each, and called fit(x, y, learning_rate=0.2, steps=120). The larger of the two errors (slope, intercept) was above 0.05 at least once. The points are not centred around zero there: a loop that forgets the intercept, or stops early, gets away with it on the hive and not here."
errors_ = []
for _ in range(3):
    true_w_, true_b_ = float(rng.uniform(1, 3) * rng.choice([-1, 1])), float(rng.uniform(-3, 3))
    x_ = rng.uniform(0.0, 3.0, 400)
    y_ = true_w_ * x_ + true_b_ + rng.normal(0.0, 0.05, 400)
    w_, b_, losses_ = fit(x_, y_, learning_rate=0.2, steps=120)
    errors_ += [abs(w_ - true_w_), abs(b_ - true_b_)]
worst_ = float(np.max(errors_))  # np.max keeps a NaN, so that a loop that diverged cannot look perfect
assert math.isfinite(worst_), "the loop diverged"
report_metric("largest error of slope or intercept", worst_, threshold=0.05, better="lower")
assert worst_ <= 0.05

# %% [markdown] id="hive-text"
# ## Step 5 · The hive
#
# Use your loop on `weeks` and `weight`. Choose the learning rate and the number of steps yourself. Too small a rate and the loop is not
# there yet; too large and the losses grow. The cell after yours prints what happened.

# %% id="hive" role="solution" hints=["What do the defaults give? Try them first and look at the printed losses.", "Call the function you wrote with the two arrays of the data cell, and unpack three results.", "If the losses grow from entry to entry, the learning rate is too large: make it ten times smaller. If the last two printed losses still differ, take more steps."]
# The three names that the checks look for: slope, intercept, losses
### BEGIN SOLUTION
slope, intercept, losses = fit(weeks, weight, learning_rate=0.1, steps=200)
### END SOLUTION
### BEGIN STARTER
# slope, intercept, losses = None, None, []  # Your code here
### END STARTER

# %% id="look" role="setup"
if losses:
    for _i in sorted({0, 1, 2, 5, 10, 20, 50, len(losses) - 1}):
        if _i < len(losses):
            print(f"before step {_i:4d}   loss {losses[_i]:10.4f}")
    print(f"The hive gains {slope:.2f} kg a week and weighs {intercept:.1f} kg in the middle of the season.")

# %% id="hive-line" role="check" points=2 title="The hive's line agrees with the exact least-squares line"
exact_slope_, exact_intercept_ = np.polyfit(weeks, weight, 1)
assert abs(slope - exact_slope_) < 0.02, f"The slope should be near {exact_slope_:.3f} kg a week. It came out as {slope:.4g}."
assert abs(intercept - exact_intercept_) < 0.05, f"The intercept should be near {exact_intercept_:.2f} kg. It came out as {intercept:.4g}."

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **The edge.** Find by trial the largest learning rate, to two digits, at which the hive's losses still fall. Then compute
#    $1 / \lambda$ where $\lambda$ is the larger eigenvalue of the matrix with the rows (mean of $x^2$, mean of $x$) and
#    (mean of $x$, 1). Why are the two numbers the same?
# 2. **Momentum.** Keep a running velocity: nine tenths of the old one, minus the learning rate times the gradient; move by the velocity.
#    How many steps does the loop need now on points with $x$ between 0 and 3?
# 3. **An outlier.** Add 40 kg to one weighing. Compare the line under the squared loss with the line under the absolute loss.
