# %% [markdown] id="story"
# # A gauge that reports late
#
# A gauge below a power station measures the level of a river each hour. The level follows the turbines, day by day. The readings travel by radio from valley to valley and arrive **hours late**, and some never arrive. A
# village wants to know the level of the hours to come. You will cut the readings into questions and answers so that nothing is in a question that has not yet arrived, and nothing in training that came after the cut.
#
# **Metric.** A hidden check prepares a series twice. The second time every reading after the cut is a million times larger. Training rows and scale may change by at most **0.000001** standard deviations. The other checks compare
# your functions with ours.
#
# **Data card.** SIMULATED: 60 days of hourly levels in cm, from a random generator with a fixed seed, a daily rhythm, slow floods, and 3 % of the readings missing (`np.nan`). No river was measured.
#
# **Limits.** 60 seconds of CPU time. NumPy only. To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*.

# %% id="imports" role="setup"
import numpy as np

# %% id="data" role="setup"
_generator = np.random.default_rng(511)
_hours = np.arange(1440)
_flood = np.convolve(_generator.normal(0, 6, 1440 + 71), np.hanning(72), "valid")
levels = 180 + 25 * np.sin(2 * np.pi * (_hours - 7) / 24) + 0.02 * _hours + _flood + _generator.normal(0, 3, 1440)
levels[_generator.random(1440) < 0.03] = np.nan
print(f"{len(levels)} hours, {np.isnan(levels).sum()} missing, mean {np.nanmean(levels):.0f} cm")

# %% [markdown] id="rows-text"
# ## Step 1 · Question, delay, answer
#
# `make_rows(series, window, delay, horizon)` returns `(x, y, at)`. A question has `window` readings; the `delay` readings after it have not arrived yet and are left out; the `horizon` readings after those are the answer. Rows move on by one and the last
# answer ends with the series. Rows with an `np.nan` in question **or** answer are dropped; one in the delay does no harm. `at` says for each row at which position its question begins.

# %% id="make-rows" role="solution" hints=["How long is a piece of the series that holds question, delay and answer together?", "sliding_window_view gives all pieces; two slices of its columns are question and answer.", "np.isnan of both, any along the columns, tells which rows have to go. np.flatnonzero of the rest is at."]
def make_rows(series, window, delay, horizon):
    """Return (x, y, at): complete questions (rows, window), their answers (rows, horizon) after the delay, and where each question begins."""
    ### BEGIN SOLUTION
    pieces = np.lib.stride_tricks.sliding_window_view(series, window + delay + horizon)
    x, y = pieces[:, :window], pieces[:, window + delay :]
    at = np.flatnonzero(~np.isnan(x).any(axis=1) & ~np.isnan(y).any(axis=1))
    return x[at], y[at], at
    ### END SOLUTION

# %% id="rows-by-hand" role="check" points=2 title="Ten readings, one of them missing"
series_ = np.arange(10.0)
series_[7] = np.nan
x_, y_, at_ = sequence(make_rows(series_, 3, 2, 1), 3, "make_rows returns three things: x, y and at.")
same(at_, [0, 1, 3, 4], "Questions of 3, a delay of 2, answers of 1, reading 7 missing: rows begin at 0, 1, 3 and 4.")
close(x_, [[0, 1, 2], [1, 2, 3], [3, 4, 5], [4, 5, 6]], "The questions are the readings from each beginning on.")
close(y_, [[5], [6], [8], [9]], "The answers are 5, 6, 8 and 9.")

# %% id="rows-fresh" role="check" hidden=true points=2 required=true title="Other lengths and gaps" feedback="On other series your rows differed from ours. Only a missing reading in the question or in the answer drops a row, a delay may be 0, and the last answer ends with the series."
for window_, delay_, horizon_ in ((4, 0, 3), (6, 5, 1), (2, 3, 4)):
    series_ = rng.normal(size=70)
    series_[rng.integers(0, 70, 4)] = np.nan
    x_, y_, at_ = sequence(make_rows(series_, window_, delay_, horizon_), 3)
    wanted_ = [
        begin_ for begin_ in range(70 - window_ - delay_ - horizon_ + 1)
        if np.isfinite(series_[begin_ : begin_ + window_]).all() and np.isfinite(series_[begin_ + window_ + delay_ :][:horizon_]).all()
    ]
    same(at_, wanted_)
    close(x_, [series_[begin_ : begin_ + window_] for begin_ in wanted_])
    close(y_, [series_[begin_ + window_ + delay_ :][:horizon_] for begin_ in wanted_])

# %% [markdown] id="prepare-text"
# ## Step 2 · Before and after the cut
#
# `prepare(series, window, delay, horizon, cut)` returns `x_train, y_train, x_test, y_test, mean, spread`. Training rows have their whole answer before position `cut`, test rows from the cut on; other rows are left out. Mean and standard deviation come from
# all readings **before the cut** that are there, and scale all four arrays.

# %% id="prepare" role="solution" hints=["Where does the answer of a question that begins at position p begin, and where does it end?", "np.nanmean and np.nanstd pass over what is missing. Of which slice of the series?", "Scale the series first, then make rows; at plus the lengths before the answer, compared with the cut, gives both masks."]
def prepare(series, window, delay, horizon, cut):
    """Return (x_train, y_train, x_test, y_test, mean, spread), scaled by the readings before the cut."""
    ### BEGIN SOLUTION
    mean, spread = np.nanmean(series[:cut]), np.nanstd(series[:cut])
    x, y, at = make_rows((series - mean) / spread, window, delay, horizon)
    answer = at + window + delay
    train, test = answer + horizon <= cut, answer >= cut
    return x[train], y[train], x[test], y[test], mean, spread
    ### END SOLUTION

# %% id="prepared" role="check" points=2 title="Forty days before the cut"
parts_ = sequence(prepare(levels, 24, 3, 2, 960), 6, "prepare returns six things.")
levels_ = array(levels, (1440,), finite=False)
close(parts_[4], np.nanmean(levels_[:960]), "The fifth thing is the mean of the readings before the cut.")
close(parts_[5], np.nanstd(levels_[:960]), "The sixth thing is the standard deviation of the readings before the cut.")
whole_ = [begin_ for begin_ in range(1440 - 28) if np.isfinite(levels_[begin_ : begin_ + 24]).all() and np.isfinite(levels_[begin_ + 27 : begin_ + 29]).all()]
train_, test_ = sum(begin_ + 29 <= 960 for begin_ in whole_), sum(begin_ + 27 >= 960 for begin_ in whole_)
for place_, name_, shape_ in ((0, "x_train", (train_, 24)), (1, "y_train", (train_, 2)), (2, "x_test", (test_, 24)), (3, "y_test", (test_, 2))):
    array(parts_[place_], shape_, message=f"{name_}:")

# %% id="silent-future" role="check" hidden=true points=4 required=true title="Training does not notice what comes after the cut" feedback="We made all readings from the cut on a million times larger. Training rows or the scale changed, or their number, or they were not the right ones to begin with. Look at where an answer ends once there is a delay, and at what mean and spread are taken from."
series_ = rng.normal(200, 20, 300)
series_[rng.integers(0, 300, 9)] = np.nan
shouted_ = series_.copy()
shouted_[220:] *= 1e6
scaled_ = (series_[:220] - np.nanmean(series_[:220])) / np.nanstd(series_[:220])
pieces_ = np.lib.stride_tricks.sliding_window_view(scaled_, 19)
pieces_ = pieces_[np.isfinite(pieces_[:, :12]).all(axis=1) & np.isfinite(pieces_[:, 16:]).all(axis=1)]
calm_, loud_ = (sequence(prepare(given_, 12, 4, 3, 220), 6) for given_ in (series_, shouted_))
shapes_ = {0: (len(pieces_), 12), 1: (len(pieces_), 3), 4: (), 5: ()}
changes_ = [float(np.abs(array(calm_[place_], shape_) - array(loud_[place_], shape_)).max()) for place_, shape_ in shapes_.items()]
change_ = min(max(changes_), 1e9)
report_metric("largest change of a training row, in standard deviations", change_, threshold=1e-6, better="lower")
assert change_ <= 1e-6
close(calm_[0], pieces_[:, :12])
close(calm_[1], pieces_[:, 16:])
close(calm_[4:], [np.nanmean(series_[:220]), np.nanstd(series_[:220])])

# %% id="one-ruler" role="check" hidden=true points=2 required=true title="Test rows on the scale of the past" feedback="Test rows must be scaled with mean and spread of the readings before the cut, and every complete row with its answer from the cut on belongs to them."
series_ = np.cumsum(rng.normal(0.4, 1, 200))
came_ = sequence(prepare(series_, 8, 2, 3, 140), 6)
pieces_ = np.lib.stride_tricks.sliding_window_view((series_ - series_[:140].mean()) / series_[:140].std(), 13)[130:]
close(came_[2], pieces_[:, :8])
close(came_[3], pieces_[:, 10:])

# %% [markdown] id="lazy-text"
# ## Step 3 · The lazy forecast, in spite of the delay
#
# `same_hour` says for each step of the answer the **latest reading of the question** that lies one, two, … whole seasons before it. With a season of 24 and a delay of 3, the first step finds yesterday's reading; a step that is so far ahead that yesterday has not arrived takes
# the day before.

# %% id="lazy" role="solution" hints=["In positions of the question: where does step 0 of the answer lie? Take seasons off until you are inside.", "Step s lies delay + s places behind the end of the question, counted from 0. Counted back from the end, you need a place from 1 to season.", "The remainder of delay + s by the season says how far into the last season of the question you are."]
def same_hour(x, delay, horizon, season):
    """Return forecasts (rows, horizon) from the last season of the questions x (rows, window), with the delay between question and answer."""
    ### BEGIN SOLUTION
    return x[:, (delay + np.arange(horizon)) % season - season]
    ### END SOLUTION

# %% id="lazy-by-hand" role="check" points=1 title="A season of four"
question_ = np.arange(6.0)[None]
for delay_, horizon_, wanted_ in ((0, 2, [2, 3]), (1, 2, [3, 4]), (3, 3, [5, 2, 3])):
    close(same_hour(question_, delay_, horizon_, 4), [wanted_], f"After 0 … 5, with a delay of {delay_}, the next {horizon_} are {wanted_}.")

# %% id="lazy-fresh" role="check" hidden=true points=2 required=true title="Other seasons and delays" feedback="With other seasons, delays and horizons your lazy forecast differed from ours. The readings in the delay have not arrived, but they count as hours."
for season_, delay_, horizon_ in ((5, 2, 9), (7, 11, 4), (3, 0, 3), (6, 6, 2)):
    x_ = rng.normal(size=(5, 16))
    wanted_ = []
    for step_ in range(horizon_):
        place_ = 16 + delay_ + step_
        while place_ >= 16:
            place_ -= season_
        wanted_.append(x_[:, place_])
    close(same_hour(x_, delay_, horizon_, season_), np.stack(wanted_, axis=1))
