# %% [markdown] id="story"
# # A greenhouse that waits for nobody
#
# A nursery reads the temperature of its greenhouse: a few times on quiet days, every minute on hot ones. The control program is right but slow,
# because TensorFlow traces its functions anew for each number of readings and for each position of the thermostat. Write the three functions so that
# **each has a single trace**.
#
# **Metric.** A hidden check plays 30 days of different lengths to your functions and counts the traces of all three together: at most **3**. Another takes
# the graph out of each function and runs it where your Python code is not: the answers must come from the graph.
#
# **Data card.** SIMULATED: temperatures in degrees Celsius from a random generator, as 1-D `float32` arrays.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21. To pass you need 80 % of the points, 80 % of the hidden points, and each check marked *required*.

# %% id="imports" role="setup"
import numpy as np
import tensorflow as tf


def traces_of(function):
    """Return how often TensorFlow has traced a tf.function, and 0 for anything that is none."""
    kind = type(tf.function(lambda: None))
    return int(kind.experimental_get_tracing_count(function)) if type(function) is kind else 0

# %% [markdown] id="above-text"
# ## Step 1 · How often was it too hot?
#
# `above(day, limit)` returns how many readings are **greater** than the limit, as an `int32` scalar. The limit comes from the thermostat as a plain Python number.

# %% id="above" role="solution" hints=["Two arguments, two things that change from call to call: a length and a number. How is each kept out of the trace?", "input_signature takes one tf.TensorSpec per argument; one with the shape [] stands for a single number."]
### BEGIN SOLUTION
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.float32)])
def above(day, limit):
    """Return how many readings are greater than `limit`, as an int32 scalar tensor."""
    return tf.reduce_sum(tf.cast(day > limit, tf.int32))
### END SOLUTION
### BEGIN STARTER
# @tf.function
# def above(day, limit):
#     """Return how many readings are greater than `limit`, as an int32 scalar tensor."""
#     raise NotImplementedError  # Your code here
### END STARTER

# %% id="above-value" role="check" points=1 title="Greater, and not equal"
assert close(above(np.array([18.0, 25.0, 31.5, 25.5], "float32"), 25.0), 2, "Of 18, 25, 31.5 and 25.5 two are greater than 25.")

# %% id="above-once" role="check" points=2 title="Six days, six limits, one trace"
for readings_ in (7, 19, 4, 16, 10, 13):
    above(np.linspace(15.0, 35.0, readings_, dtype="float32"), 20.0 + readings_ / 4)
count_ = whole(traces_of(above))
assert count_ > 0, "above is no tf.function: the decorator is missing."
assert count_ == 1, f"After six days with six limits there are {count_} traces."

# %% [markdown] id="vent-text"
# ## Step 2 · Open the vents until it is cool
#
# Each step of the vents brings every reading 2 degrees down. `vent(day)` opens them step by step *while* the **mean** is above 24, and returns the number of
# steps (`int32`). A day that is cool enough needs 0. The graph must contain the loop: some days need more than twenty steps.

# %% id="vent" role="solution" hints=["While the function is traced there are no temperatures. Who must decide when to stop?", "A while whose condition is a tensor becomes a loop of the graph. The number of steps must be a tensor, too."]
### BEGIN SOLUTION
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def vent(day):
    """Return how many steps of 2 degrees bring the mean of the readings to 24 or less, as an int32 scalar tensor."""
    steps = tf.constant(0)
    while tf.reduce_mean(day) > 24.0:
        day = day - 2.0
        steps += 1
    return steps
### END SOLUTION
### BEGIN STARTER
# @tf.function
# def vent(day):
#     """Return how many steps of 2 degrees bring the mean of the readings to 24 or less, as an int32 scalar tensor."""
#     raise NotImplementedError  # Your code here
### END STARTER

# %% id="vent-values" role="check" points=2 title="A hot day and a cool one"
assert close(vent(np.array([29.0, 33.0], "float32")), 4, "The mean of 29 and 33 is 31: 29, 27, 25, 23 are four steps.")
assert close(vent(np.array([20.0, 28.0], "float32")), 0, "The mean of 20 and 28 is 24, which is not above 24.")

# %% id="vent-once" role="check" points=2 title="Six days, one trace of vent"
for readings_ in (7, 19, 4, 16, 10, 13):
    vent(np.linspace(15.0, 35.0, readings_, dtype="float32"))
count_ = whole(traces_of(vent))
assert count_ > 0, "vent is no tf.function: the decorator is missing."
assert count_ == 1, f"After six days there are {count_} traces."

# %% [markdown] id="ledger-text"
# ## Step 3 · The ledger
#
# `ledger(day)` adds the number of readings of the day to `readings_seen`, a `tf.Variable` that the cell makes, and returns the total so far.
# `tf.size` says how many entries a tensor has when the graph runs.

# %% id="ledger" role="solution" hints=["What lives from call to call inside a graph?", "A variable has the method assign_add, and read_value gives a tensor."]
readings_seen = tf.Variable(0)

### BEGIN SOLUTION
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def ledger(day):
    """Add the number of readings to `readings_seen` and return the total so far (int32)."""
    readings_seen.assign_add(tf.size(day))
    return readings_seen.read_value()
### END SOLUTION
### BEGIN STARTER
# @tf.function
# def ledger(day):
#     """Add the number of readings to `readings_seen` and return the total so far (int32)."""
#     raise NotImplementedError  # Your code here
### END STARTER

# %% id="new-book" role="setup"
def new_book():
    """Set the ledger back to nothing."""
    readings_seen.assign(0)

# %% id="ledger-values" role="check" points=2 title="Three days add up"
new_book()
totals_ = [ledger(np.full(n_, 20.0, "float32")) for n_ in (3, 3, 5)]
assert close(totals_, [3, 6, 11], "Days with 3, 3 and 5 readings make the totals 3, 6 and 11.")

# %% id="ledger-once" role="check" points=2 title="Six days, one trace of ledger"
for readings_ in (7, 19, 4, 16, 10, 13):
    ledger(np.linspace(15.0, 35.0, readings_, dtype="float32"))
count_ = whole(traces_of(ledger))
assert count_ > 0, "ledger is no tf.function: the decorator is missing."
assert count_ == 1, f"After six days there are {count_} traces."

# %% id="month" role="examiner"
means_ = 24.0 + 2.0 * rng.integers(-3, 8, 30) + rng.uniform(0.2, 1.8, 30)  # never close to a whole number of steps
means_[int(rng.integers(10, 30))] += 2.0 * float(rng.integers(25, 60))  # far too hot for a fixed number of turns
days_ = []
for mean_, n_ in zip(means_, rng.permutation(np.arange(3, 150))[:30]):
    readings_ = rng.normal(0, 2, int(n_))
    days_.append((mean_ + readings_ - readings_.mean()).astype("float32"))
limits_ = [float(limit_) for limit_ in rng.uniform(18, 34, 30)]


def graph_of_(name):
    """Return the only graph of a function of the notebook, which runs here."""
    traced = graphs_of(name)
    assert traced.traces == 1, f"{name} has {traced.traces} traces."
    return traced.graphs[0]


def traces_of_(name):
    """Return the number of traces of a function of the notebook, or one for each call if its graphs cannot do the work."""
    try:
        traced = graphs_of(name)
        if traced.traces == 1:  # then this graph must take whatever comes
            for values, limit in zip(days_, limits_):
                traced.graphs[0](values, limit) if name == "above" else traced.graphs[0](values)
        return traced.traces
    except AssertionError:
        return len(days_)


def has_loop_(graph):
    """Tell whether the graph contains a loop of TensorFlow's."""
    return bool({"While", "StatelessWhile"} & graph.operations)


def live_a_month_():
    """Let the graphs live through all days, and compare with NumPy."""
    above_, vent_, ledger_ = (graph_of_(name_) for name_ in ("above", "vent", "ledger"))
    assert has_loop_(vent_), "vent's graph has no loop."
    member("readings_seen", list(ledger_.variables), "ledger must keep its total in the variable.")
    ledger_.variables["readings_seen"].assign(0)
    total_ = 0
    for day_, limit_, mean_ in zip(days_, limits_, means_):
        total_ += len(day_)
        close(above_(day_, limit_), int((day_ > np.float32(limit_)).sum()))
        close(vent_(day_), max(0, math.ceil((mean_ - 24.0) / 2.0)))
        close(ledger_(day_), total_)
    close(above_(np.array([20.0, 21.0], "float32"), 20.0), 1)
    close(ledger_.variables["readings_seen"].numpy(), total_)

# %% id="thirty-days" role="check" hidden=true points=3 required=true title="The graphs give the right answers for 30 days that you have not seen" feedback="We took the graph out of each of the three functions, ran it on 30 days of 3 to 149 readings and compared each answer with NumPy's. A function had no graph or more than one, Python did its work (numpy_function), the graph of vent had no loop, or an answer was wrong. Try very hot days, cool ones, and readings that equal the limit; call new_book() and add up a week." requires=["above", "vent", "ledger"]
live_a_month_()

# %% id="three-traces" role="check" hidden=true points=4 required=true title="Three functions, 30 days, three traces" feedback="After 30 days of different lengths with 30 limits the three functions together had more than three traces, or one of them was no tf.function, or its graph called back into Python or gave a wrong answer." requires=["above", "vent", "ledger"]
traced_ = 0
for name_, function_ in (("above", above), ("vent", vent), ("ledger", ledger)):
    for day_, limit_ in zip(days_, limits_):
        function_(day_, limit_) if name_ == "above" else function_(day_)
    traced_ += traces_of_(name_)
report_metric("traces of three functions for 30 days", traced_, threshold=3, better="lower")
assert traced_ <= 3
live_a_month_()  # a trace of a function that answers wrongly is worth nothing
