# %% [markdown] id="story"
# # When the fountain comes
#
# A hot spring rises and falls, on one day every 22 minutes, on another every 34. When its level is highest, a fountain stands over the basin. A gauge writes the level down once a minute from eight in the morning until noon; at night nobody writes.
# The wardens want the level of the next **half hour**, and the minute of the fountain, so that people come neither too early nor too late.
#
# **Metric.** On 200 days that you have not seen: the mean absolute error over all 30 minutes **as a ratio** to that of *as one round ago*, at most **0.46**. And the share of questions in which the highest level is forecast within two minutes of its true place, at least **0.67**.
# The budget is **40,000 parameters**.
#
# **Data card.** SIMULATED: 80 mornings of a spring from a random generator with a fixed seed, 240 minutes each, in centimetres. Rhythm and strength are drawn anew for each day, and the rhythm drifts a little within it. The examiner draws other days by the same rules. Real springs stop, or change their mind;
# this one does not.
#
# **Limits.** 60 seconds of CPU time; about ten are enough. TensorFlow 2.21 and Keras 3. To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)
WINDOW, HORIZON, ROUND = 80, 30, 28  # minutes: the question, the answer, and the mean length of a round

# %% id="data" role="setup"
def draw_days(count, generator):
    """Return the levels of a spring in cm, float32 (count, 240): a row for each day, a column for each minute."""
    period = generator.uniform(22, 34, (count, 1)) * np.exp(np.cumsum(generator.normal(0, 0.012, (count, 240)), axis=1))
    turn = 2 * np.pi * (generator.random((count, 1)) + np.cumsum(1 / period, axis=1))
    strength = generator.uniform(20, 45, (count, 1))
    return (100 + strength * (np.sin(turn) + 0.4 * np.sin(2 * turn)) + generator.normal(0, 2, (count, 240))).astype("float32")


days = draw_days(80, np.random.default_rng(617))
for _day in range(3):
    print("".join(" .:-=+*#%@"[min(max(int((_value - 40) / 12), 0), 9)] for _value in days[_day, ::2]))

# %% [markdown] id="rows-text"
# ## Step 1 · Questions that do not reach through the night
#
# `make_rows(days, window, horizon, step)` cuts each day by itself. A question is `window` minutes, its answer the `horizon` minutes right after it, **both of the same day**. In each day the first question begins at minute 0, the next at `step`, then at twice `step`, as long as the answer is complete. Return `x` and `y`,
# the rows of the first day first.

# %% id="rows" role="solution" hints=["How many minutes must a day still have after the beginning of a question?", "range from 0 to the last possible beginning, by step, gives the beginnings of any one day.", "sliding_window_view with axis=1 gives (days, beginnings, window + horizon); take every step-th beginning, then make rows of the first two axes."]
def make_rows(days, window, horizon, step):
    """Return x (rows, window) and y (rows, horizon): questions and answers, each within one of the days (days, minutes)."""
    ### BEGIN SOLUTION
    pieces = np.lib.stride_tricks.sliding_window_view(days, window + horizon, axis=1)[:, ::step]
    pieces = pieces.reshape(-1, window + horizon)
    return pieces[:, :window], pieces[:, window:]
    ### END SOLUTION

# %% id="rows-by-hand" role="check" points=2 title="Two days of eight minutes"
x_, y_ = sequence(make_rows(np.arange(16.0).reshape(2, 8), 3, 2, 3), 2, "make_rows returns two things, x and y.")
close(x_, [[0, 1, 2], [3, 4, 5], [8, 9, 10], [11, 12, 13]], "Each day has room for questions from minute 0 and from minute 3: 0 1 2, 3 4 5, 8 9 10 and 11 12 13.")
close(y_, [[3, 4], [6, 7], [11, 12], [14, 15]], "The answers are 3 4, 6 7, 11 12 and 14 15.")

# %% id="rows-fresh" role="check" hidden=true points=2 required=true title="Other days and steps" feedback="On other days, windows and steps your rows differed from ours. No row may hold minutes of two days; the last question of a day is the last one whose answer is complete, also when it ends with the day."
for count_, minutes_, window_, horizon_, step_ in ((3, 20, 5, 4, 1), (4, 21, 6, 3, 4), (2, 9, 5, 4, 3)):
    days_ = rng.normal(size=(count_, minutes_))
    x_, y_ = sequence(make_rows(days_, window_, horizon_, step_), 2)
    wanted_ = np.array([day_[begin_ : begin_ + window_ + horizon_] for day_ in days_ for begin_ in range(0, minutes_ - window_ - horizon_ + 1, step_)])
    close(x_, wanted_[:, :window_])
    close(y_, wanted_[:, window_:])

# %% [markdown] id="roll-text"
# ## Step 2 · One minute at a time
#
# The oldest forecast of the wardens is a weighted sum: the next minute is `x @ weights`. For half an hour they let it **feed on itself**: each forecast is appended to the question, the oldest minute falls out, and the sum is taken again. `roll_out` does so `steps` times. (A model of one minute is small. Its mistakes travel
# along, so you need not hand it in.)

# %% id="roll" role="solution" hints=["What does the question look like after the first forecast? It must keep its length.", "Keep one array of the current questions and a list of forecasts; in each round the array loses its first column and gains one at the end.", "x @ weights has one number for each row. np.column_stack puts columns side by side, also of arrays with two axes and one."]
def roll_out(x, weights, steps):
    """Return forecasts (rows, steps) of the rule x @ weights that feeds on its own forecasts; x is (rows, window), weights (window,)."""
    ### BEGIN SOLUTION
    current, said = np.asarray(x), []
    for _ in range(steps):
        said.append(current @ weights)
        current = np.column_stack([current[:, 1:], said[-1]])
    return np.column_stack(said)
    ### END SOLUTION

# %% id="roll-by-hand" role="check" points=1 title="The sum of the last two, and the one before the last"
came_ = roll_out(np.array([[0.0, 1, 1], [5, 2, 3]]), np.array([0.0, 1, 1]), 4)
close(came_, [[2, 3, 5, 8], [5, 8, 13, 21]], "After 1, 1 come 2, 3, 5, 8; after 2, 3 come 5, 8, 13, 21.")
close(roll_out(np.array([[7.0, 8, 9]]), np.array([1.0, 0, 0]), 4), [[7, 8, 9, 7]], "A rule that repeats the oldest minute says 7, 8, 9 and 7 again.")

# %% id="roll-fresh" role="check" hidden=true points=2 required=true title="Other weights" feedback="On random questions and weights your forecasts differed from ours. In every step the newest forecast belongs at the end of the question and the oldest minute falls out."
for window_, steps_ in ((4, 9), (7, 3), (2, 1)):
    x_, weights_ = rng.normal(size=(6, window_)), rng.normal(size=window_) / window_
    long_ = x_.copy()
    for _ in range(steps_):
        long_ = np.hstack([long_, long_[:, -window_:] @ weights_[:, None]])
    close(roll_out(x_, weights_, steps_), long_[:, window_:])

# %% [markdown] id="train-text"
# ## Step 3 · Half an hour in one go
#
# Train `model`: a Keras model from **raw** questions (80,) in cm to **raw** answers (30,), all at once, with at most 40,000 parameters. Levels lie around 100 and swing by some 40: scaling belongs into the model. Keep whole days back for your choices. A weighted sum alone ends at a ratio of about 0.6,
# since on some days the round is short and on some long: the sum would have to change with the question.

# %% id="train" role="solution" hints=["What has to be between two weighted sums, so that they become more than one?", "Rescaling first and last, with the inverse scale and offset; two hidden Dense layers of about 64 units with relu.", "Rows from every third minute, the loss \"mae\", Adam at about 0.002, batches of 64 and some twenty epochs take a few seconds."]
# The name that the checks look for: model
### BEGIN SOLUTION
x_train, y_train = make_rows(days, WINDOW, HORIZON, 3)
model = keras.Sequential(
    [
        keras.Input((WINDOW,)),
        keras.layers.Rescaling(1 / 30, -100 / 30),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(64, activation="relu"),
        keras.layers.Dense(HORIZON),
        keras.layers.Rescaling(30, 100),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="mae")
model.fit(x_train, y_train, epochs=20, batch_size=64, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = None  # Your code here
### END STARTER

# %% id="days-to-come" role="examiner"
period_ = rng.uniform(22, 34, (200, 1)) * np.exp(np.cumsum(rng.normal(0, 0.012, (200, 240)), axis=1))
turn_ = 2 * np.pi * (rng.random((200, 1)) + np.cumsum(1 / period_, axis=1))
strength_ = rng.uniform(20, 45, (200, 1))
levels_ = 100 + strength_ * (np.sin(turn_) + 0.4 * np.sin(2 * turn_)) + rng.normal(0, 2, (200, 240))
pieces_ = np.lib.stride_tricks.sliding_window_view(levels_.astype("float32"), 110, axis=1)[:, ::13]
rounds_ = period_[:, 80 : 80 + 13 * pieces_.shape[1] : 13].ravel()
pieces_ = pieces_.reshape(-1, 110)
asked_, answered_ = pieces_[:, :80], pieces_[:, 80:]


def forecast_():
    """Return what the learner's model, rebuilt here and within its budget, says to the questions of the new days."""
    rebuilt_ = rebuild("model")
    assert rebuilt_.count_params() <= 40_000
    return array(rebuilt_.predict(asked_, verbose=0, batch_size=500), answered_.shape)

# %% id="forecast" role="check" hidden=true points=4 required=true title="Half an hour, 200 mornings" feedback="We rebuilt your model and asked it 2,200 questions from 200 new days. Its error was more than 0.46 of that of one round ago, or it has more than 40,000 parameters. About 0.6: it is a weighted sum. Near 1: look at the scale of questions and answers."
said_ = forecast_()
lazy_ = np.hstack([asked_[:, -28:], asked_[:, -28:-26]])
ratio_ = float(np.abs(said_ - answered_).mean() / np.abs(lazy_ - answered_).mean())
report_metric("error as a ratio to one round ago", ratio_, threshold=0.46, better="lower")
ahead_ = np.tile(np.array(["minutes 1 to 10", "minutes 11 to 20", "minutes 21 to 30"]).repeat(10), len(asked_))
report_slices(np.abs(said_ - answered_).ravel(), ahead_, metric="MAE, cm", better="lower", title="The further ahead, the harder")
assert ratio_ <= 0.46

# %% id="fountain" role="check" hidden=true requires=["train"] points=3 required=true title="The minute of the fountain" feedback="In fewer than 67 % of the questions your model's highest level lay within two minutes of the true one. A forecast that follows a round of fixed length drifts away from days that are quicker or slower."
near_ = np.abs(forecast_().argmax(axis=1) - answered_.argmax(axis=1)) <= 2
report_metric("fountains within two minutes", float(near_.mean()), threshold=0.67)
report_slices(near_, np.where(rounds_ < 25, "short rounds", np.where(rounds_ < 31, "usual rounds", "long rounds")), metric="within two minutes", title="By the length of a round")
assert near_.mean() >= 0.67

# %% [markdown] id="crest-text"
# ## Step 4 · What stands on the board
#
# `fountain` gets forecasts (rows, minutes) and returns two arrays: the highest level of each row, and **in how many minutes** it comes. The first column is the next minute, one minute away. If a row reaches its highest level twice, the earlier one counts: nobody wants to wait.

# %% id="crest" role="solution" hints=["One function gives the largest value of each row, another one its place.", "argmax counts from 0, and of several equal ones it takes the first.", "The column 0 is one minute away."]
def fountain(levels):
    """Return (height, minutes): the highest level of each row of levels (rows, minutes), and in how many minutes it comes first."""
    ### BEGIN SOLUTION
    return levels.max(axis=1), levels.argmax(axis=1) + 1
    ### END SOLUTION

# %% id="crest-by-hand" role="check" points=1 title="Three boards"
height_, minutes_ = sequence(fountain(np.array([[90.0, 120, 110], [130, 90, 130], [80, 81, 82]])), 2, "fountain returns two things, heights and minutes.")
close(height_, [120, 130, 82], "The highest levels are 120, 130 and 82.")
close(minutes_, [2, 1, 3], "They come in 2, 1 and 3 minutes; the first column is the next minute.")

# %% id="crest-fresh" role="check" hidden=true points=2 required=true title="Other boards" feedback="On random forecasts your heights or minutes differed from ours. The first column is one minute away, and of two equal crests the earlier one counts."
for rows_, wide_ in ((40, 6), (3, 30), (1, 1)):
    levels_ = rng.integers(60, 70, (rows_, wide_)).astype("float64")
    height_, minutes_ = sequence(fountain(levels_), 2)
    close(height_, [max(row_) for row_ in levels_.tolist()])
    close(minutes_, [row_.index(max(row_)) + 1 for row_ in levels_.tolist()])
