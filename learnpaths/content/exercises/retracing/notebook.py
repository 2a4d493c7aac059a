# %% [markdown] id="story"
# # Trace once
#
# A railway has put microphones beside its tracks. When a train passes, the axles make a row of knocks, one number per axle, and a small program
# listens for wheels that have gone flat. Trains have between 4 and 200 axles, so no two signals need have the same length. The program gives
# the right answers. But each call takes half a second instead of a millisecond, because TensorFlow traces it again and again, and at the junction a
# queue of trains is waiting to be heard.
#
# You will write its four functions so that **each of them is traced exactly once**, whatever train comes along.
#
# **Metric.** A hidden check plays 40 trains of different lengths to your functions and counts the traces of all four together: at most **4**. Another
# takes the graph out of each function and runs it where your Python code is not: the answers must come from the graph.
#
# **Data card.** SIMULATED: knocks from a random generator, as 1-D `float32` arrays. Real ones would come with wind and with birds.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21. All random numbers of a run are seeded for you.
# To pass you need 80 % of the points, 80 % of the hidden points, and each check marked *required*.

# %% id="imports" role="setup"
import numpy as np
import tensorflow as tf

# %% [markdown] id="counting-text"
# ## How the traces are counted
#
# A line of plain Python inside a `tf.function` runs only while TensorFlow *traces* it, not when the finished graph runs. That is usually a trap. Here it
# is an instrument: each function has a line `traces["…"] += 1`, and what it adds up to is the number of traces. Print `traces` whenever you like. The
# checks ask TensorFlow for its own count; `traces_of` does that, too.

# %% id="counting" role="setup"
traces = {}


def traces_of(function):
    """Return how often TensorFlow has traced a tf.function, and 0 for anything that is none."""
    kind = type(tf.function(lambda: None))
    return int(kind.experimental_get_tracing_count(function)) if type(function) is kind else 0


def first_trains(count=6):
    """Return `count` signals of different lengths; at least one knock of each is louder than 2."""
    generator = np.random.default_rng(11)
    lengths = generator.permutation(np.arange(4, 4 + 3 * count, 3))
    return [np.append(generator.normal(0, 1, n - 1), 2.5).astype("float32") for n in lengths]


print("axles of the first trains:", [len(signal) for signal in first_trains()])

# %% [markdown] id="loudness-text"
# ## Step 1 · One trace for every length
#
# The loudness of a train is the *root mean square* of its knocks: square them, take the mean, take the square root. Write it with TensorFlow operations,
# as a `tf.function`.
#
# A plain `@tf.function` makes a new trace for each length. Tell it in the decorator what will come: one axis of any length, `float32`.

# %% id="loudness" role="solution" hints=["What do all trains have in common, if not their length? The number of axes, and the type.", "tf.function takes an argument named input_signature: a list with one tf.TensorSpec for each argument of your function.", "A TensorSpec has a shape and a type. In a shape, None stands for a length that is not known yet. A single axis of unknown length is written as a list with one entry."]
traces["loudness"] = 0  # whenever this cell runs, the count begins anew

### BEGIN SOLUTION
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def loudness(signal):
    """Return the root mean square of a 1-D float32 signal, as a scalar tensor."""
    traces["loudness"] += 1  # plain Python: runs while tracing, and only then
    return tf.sqrt(tf.reduce_mean(signal**2))
### END SOLUTION
### BEGIN STARTER
# @tf.function
# def loudness(signal):
#     """Return the root mean square of a 1-D float32 signal, as a scalar tensor."""
#     traces["loudness"] += 1  # plain Python: runs while tracing, and only then
#     raise NotImplementedError  # Your code here
### END STARTER

# %% id="loudness-value" role="check" points=1 title="The loudness agrees with one worked out on paper"
value_ = loudness(np.array([3.0, -4.0], "float32"))
assert close(value_, 12.5**0.5, "The squares of 3 and -4 are 9 and 16, their mean is 12.5, and its root is 3.5355.", atol=1e-4)

# %% id="loudness-once" role="check" points=2 title="Six trains of six lengths, one trace"
for axles_ in (7, 19, 4, 16, 10, 13):
    loudness(np.linspace(-1.0, 2.5, axles_, dtype="float32"))
count_ = whole(traces_of(loudness))
assert count_ > 0, "loudness is no tf.function: the decorator @tf.function is missing."
assert count_ == 1, f"After trains of different lengths there are {count_} traces. Say in the decorator that the length is open."

# %% [markdown] id="knocks-text"
# ## Step 2 · A dial that turns
#
# `knocks(signal, limit)` returns how many knocks are louder than the limit (in either direction, so use the absolute value), as a whole number. The
# limit comes from a dial, as a plain Python number such as `1.75`, and the engineer likes to turn it. For a plain `tf.function` each new Python number
# is a reason to trace again.

# %% id="knocks" role="solution" hints=["What does TensorFlow do with a Python number, and what with a tensor? Which of the two is the limit, data or switch?", "A signature has one entry per argument. What does the shape of a single number look like?", "With a TensorSpec for a number of type float32 in second place, Python numbers are turned into tensors before they reach your function. Count by comparing, turning truth into whole numbers with tf.cast, and adding up."]
traces["knocks"] = 0  # whenever this cell runs, the count begins anew

### BEGIN SOLUTION
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.float32)])
def knocks(signal, limit):
    """Return how many values of the signal are louder than `limit`, as an int32 scalar tensor."""
    traces["knocks"] += 1  # plain Python: runs while tracing, and only then
    return tf.reduce_sum(tf.cast(tf.abs(signal) > limit, tf.int32))
### END SOLUTION
### BEGIN STARTER
# @tf.function
# def knocks(signal, limit):
#     """Return how many values of the signal are louder than `limit`, as an int32 scalar tensor."""
#     traces["knocks"] += 1  # plain Python: runs while tracing, and only then
#     raise NotImplementedError  # Your code here
### END STARTER

# %% id="knocks-value" role="check" points=1 title="Knocks are counted in both directions"
count_ = knocks(np.array([0.5, -3.0, 2.0, -1.0, 4.0], "float32"), 1.5)
assert close(count_, 3, "Of 0.5, -3, 2, -1 and 4, three are louder than 1.5: -3, 2 and 4.")

# %% id="knocks-once" role="check" points=2 title="Six positions of the dial, one trace"
for axles_ in (7, 19, 4, 16, 10, 13):
    knocks(np.linspace(-1.0, 2.5, axles_, dtype="float32"), 0.25 + axles_ / 8)
count_ = whole(traces_of(knocks))
assert count_ > 0, "knocks is no tf.function: the decorator @tf.function is missing."
assert count_ == 1, f"After six lengths and six limits there are {count_} traces. Is the limit a tensor when it arrives?"

# %% [markdown] id="quieter-text"
# ## Step 3 · A decision that the graph makes
#
# Loud trains overload the next stage. `quieter(signal)` halves the whole signal *until* no knock is louder than 1, and returns two things: the signal,
# and how often it was halved (a whole number). A signal that is quiet already comes back as it is, with 0.
#
# How often depends on the values, and while your function is traced there are no values. So Python cannot decide: `float(…)`, `.numpy()` and
# loops over a `range` are of no use. Let the graph decide: `while` with a condition that is a tensor becomes a loop of the graph. The graph must
# contain such a loop, because some trains need more than twenty turns; a check looks for it.

# %% id="quieter" role="solution" hints=["What has to be true for the loop to go on? Write it as a TensorFlow expression whose result is a single truth value.", "Two things change in each turn of the loop: the signal, and a counter. What must the counter be, if it is to change in the graph?", "Start the counter as tf.constant(0). The condition compares the loudest absolute value (reduce_max) with 1. Nothing in the loop may need a Python number."]
traces["quieter"] = 0  # whenever this cell runs, the count begins anew

### BEGIN SOLUTION
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def quieter(signal):
    """Return (signal, halvings): the signal halved until no |value| is above 1, and how often that took (int32)."""
    traces["quieter"] += 1  # plain Python: runs while tracing, and only then
    halvings = tf.constant(0)
    while tf.reduce_max(tf.abs(signal)) > 1.0:
        signal = signal / 2.0
        halvings += 1
    return signal, halvings
### END SOLUTION
### BEGIN STARTER
# @tf.function
# def quieter(signal):
#     """Return (signal, halvings): the signal halved until no |value| is above 1, and how often that took (int32)."""
#     traces["quieter"] += 1  # plain Python: runs while tracing, and only then
#     raise NotImplementedError  # Your code here
### END STARTER

# %% id="quieter-once" role="check" points=1 title="Six trains, one trace"
for axles_ in (7, 19, 4, 16, 10, 13):
    quieter(np.linspace(-1.0, 2.5, axles_, dtype="float32"))
count_ = whole(traces_of(quieter))
assert count_ > 0, "quieter is no tf.function: the decorator @tf.function is missing."
assert count_ == 1, f"After six trains there are {count_} traces; one is enough."

# %% id="quieter-values" role="check" points=2 title="A loud signal and a quiet one come out right"
signal_, halvings_ = sequence(quieter(np.array([6.0, -2.0, 1.0], "float32")), 2, "quieter returns two things: the signal and the number of halvings.")
assert close(halvings_, 3, "6 → 3 → 1.5 → 0.75 is three halvings.")
assert close(signal_, [0.75, -0.25, 0.125], "6, -2, 1 halved three times.")
signal_, halvings_ = sequence(quieter(np.array([0.5, -1.0], "float32")), 2, "quieter returns two things: the signal and the number of halvings.")
assert close(halvings_, 0, "0.5 and -1 are not louder than 1 and need no halving.")
assert close(signal_, [0.5, -1.0], "0.5 and -1 are not louder than 1 and must come back as they are.")

# %% [markdown] id="log-text"
# ## Step 4 · A memory that works
#
# `log(signal)` keeps a record of the day: how many trains have passed, and the loudest single knock so far (absolute value). A Python counter inside the function
# would be added to once, while tracing. What lives from call to call in a graph is a `tf.Variable`.
#
# `trains_seen` and `loudest_knock` are such variables; the cell makes them. Update both in `log` (`assign`, `assign_add`) and return `trains_seen`, as a tensor:
# `trains_seen.read_value()`. The function may not make variables of its own: it would have to make new ones at every trace.

# %% id="log" role="solution" hints=["Which of the two is added to, and which is only sometimes replaced?", "A variable has the methods assign and assign_add. They are operations, so they run on every call.", "The new record is the larger of the old record and the loudest knock of this signal; tf.maximum compares two tensors."]
traces["log"] = 0  # whenever this cell runs, the count begins anew
trains_seen = tf.Variable(0)
loudest_knock = tf.Variable(0.0)

### BEGIN SOLUTION
@tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
def log(signal):
    """Count a train in `trains_seen`, keep the loudest |value| in `loudest_knock`; return the trains so far (int32)."""
    traces["log"] += 1  # plain Python: runs while tracing, and only then
    trains_seen.assign_add(1)
    loudest_knock.assign(tf.maximum(loudest_knock, tf.reduce_max(tf.abs(signal))))
    return trains_seen.read_value()
### END SOLUTION
### BEGIN STARTER
# @tf.function
# def log(signal):
#     """Count a train in `trains_seen`, keep the loudest |value| in `loudest_knock`; return the trains so far (int32)."""
#     traces["log"] += 1  # plain Python: runs while tracing, and only then
#     raise NotImplementedError  # Your code here
### END STARTER

# %% id="day" role="setup"
def new_day():
    """Set the record of the day back to nothing."""
    trains_seen.assign(0)
    loudest_knock.assign(0.0)


def record():
    """Return (trains so far, loudest knock so far) as plain numbers."""
    return int(trains_seen.numpy()), float(loudest_knock.numpy())

# %% id="log-values" role="check" points=2 title="Three trains are three trains, and the loudest knock stays"
new_day()
returned_ = [log(np.array(knocks_, "float32")) for knocks_ in ([1.0, -2.0], [0.5, 0.25, -5.0], [3.0])]
seen_, loudest_ = record()
assert close(seen_, 3, "Three trains have passed, and trains_seen must say so. Is it a TensorFlow operation that adds to it?")
assert close(returned_, [1, 2, 3], "log must return the trains so far: 1, 2, 3.")
assert close(loudest_, 5.0, "The loudest knock was -5, so the record is 5.")

# %% id="log-once" role="check" points=1 title="Six trains, one trace"
for axles_ in (7, 19, 4, 16, 10, 13):
    log(np.linspace(-1.0, 2.5, axles_, dtype="float32"))
count_ = whole(traces_of(log))
assert count_ > 0, "log is no tf.function: the decorator @tf.function is missing."
assert count_ == 1, f"After six trains there are {count_} traces; one is enough."

# %% [markdown] id="evening-text"
# ## The evening train
#
# That is the whole program. The last two checks are hidden: they send 40 trains of different lengths through all four functions, with limits that
# you have not seen. One counts the traces, the other runs the graphs.

# %% id="evening" role="examiner"
trains_ = [
    (rng.normal(0, 1, int(n_)) * rng.uniform(0.2, 12)).astype("float32") for n_ in rng.permutation(np.arange(4, 200))[:40]
]
trains_[int(rng.integers(10, 40))] *= np.float32(2.0 ** rng.integers(18, 26))  # far too loud for a fixed number of turns
limits_ = [float(limit_) for limit_ in rng.uniform(0.1, 4, 40)]


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
            for values, limit in zip(trains_, limits_):
                traced.graphs[0](values, limit) if name == "knocks" else traced.graphs[0](values)
        return traced.traces
    except AssertionError:
        return len(trains_)


def has_loop_(graph):
    """Tell whether the graph contains a loop of TensorFlow's."""
    return bool({"While", "StatelessWhile"} & graph.operations)


def halved_(train):
    """Return (signal, halvings) of a train, with NumPy."""
    count = 0
    while np.abs(train).max() > 1:
        train, count = train / np.float32(2), count + 1
    return train, count


def hear_trains_():
    """Let the graphs hear all trains, and compare with NumPy."""
    loudness_, knocks_, quieter_, log_ = (graph_of_(name_) for name_ in ("loudness", "knocks", "quieter", "log"))
    assert has_loop_(quieter_), "quieter's graph has no loop."
    for name_ in ("trains_seen", "loudest_knock"):
        member(name_, list(log_.variables), "log must keep its record in the two variables.")
        log_.variables[name_].assign(0)
    for count_, (train_, limit_) in enumerate(zip(trains_, limits_), start=1):
        close(loudness_(train_), float(np.sqrt((train_.astype("float64") ** 2).mean())), rtol=1e-3)
        close(knocks_(train_, limit_), int((np.abs(train_) > np.float32(limit_)).sum()))
        softer_, halvings_ = sequence(quieter_(train_), 2)
        expected_, turns_ = halved_(train_)
        close(halvings_, turns_)
        close(softer_, expected_)
        close(log_(train_), count_)
    close(log_.variables["trains_seen"].numpy(), 40)
    close(log_.variables["loudest_knock"].numpy(), max(float(np.abs(train_).max()) for train_ in trains_))

# %% id="forty-trains" role="check" hidden=true points=3 required=true title="The graphs give the right answers for 40 trains that you have not seen" feedback="We took the graph out of each of the four functions, ran it on 40 trains of 4 to 199 axles and compared each answer with NumPy's. A function had no graph or more than one, Python did its work (numpy_function), the graph of quieter had no loop, or an answer was wrong. Try very quiet trains and very loud ones (up to 40 halvings), trains with negative knocks only, and a second day after new_day()." requires=["loudness", "knocks", "quieter", "log"]
hear_trains_()

# %% id="four-traces" role="check" hidden=true points=3 required=true title="Four functions, 40 trains, four traces" feedback="After 40 trains of different lengths, with 40 different limits, the four functions together had more than four traces, or a function was no tf.function, or its graph called back into Python or gave a wrong answer. In the page, call each function with several lengths and several limits and print the dictionary traces." requires=["loudness", "knocks", "quieter", "log"]
total_ = 0
for name_, function_ in (("loudness", loudness), ("knocks", knocks), ("quieter", quieter), ("log", log)):
    for train_, limit_ in zip(trains_, limits_):
        function_(train_, limit_) if name_ == "knocks" else function_(train_)
    total_ += traces_of_(name_)
report_metric("traces of four functions for 40 trains", total_, threshold=4, better="lower")
assert total_ <= 4
hear_trains_()  # a trace of a function that answers wrongly is worth nothing

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **Two traces instead of one.** Write `loudness` with `@tf.function(reduce_retracing=True)` and no signature. How many traces do 40 trains need? And if the
#    first two have the same length?
# 2. **The price.** Measure with `time.perf_counter` the first call of each function and the tenth. How many trains must pass before tracing has paid off?
# 3. **XLA.** Add `jit_compile=True` to `loudness` and time a train of each length from 4 to 23, then the same trains again. Why is the first round slow although there
#    is only one trace?
