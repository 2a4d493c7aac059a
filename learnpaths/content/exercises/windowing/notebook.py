# %% [markdown] id="story"
# # The rota of a help line
#
# A help line plans each night who sits at the telephones on the next day. A volunteer has built a forecast that was nearly perfect on her laptop; since it is in use, people wait. Her
# rows were cut so that tomorrow stood in what was learned. You will prepare the series again, so that what comes later stays silent, and you will set the bar that any model has to clear:
#
# 1. windows, 2. a split by time, 3. a column that looks back only, 4. one scale, taken from the past, 5. the lazy forecast, 6. the ratio to it. Nothing is trained here.
#
# **Metric.** The decisive hidden check prepares a series twice. The second time every hour *after the cut* is a million times larger. The training rows and the scale may change by at most
# **0.000001** standard deviations. The other checks compare your functions with ours on series that you have not seen.
#
# **Data card.** SIMULATED calls of a help line, hour by hour: 8,736 hours (52 weeks, from a Monday on) in `/data/calls-simulated/train.npz`; the 20 weeks after them are held out. Rhythms of day and week, some growth and
# eleven holidays were put in by a program and are cleaner than any telephone: nothing that works here is known to work at a real desk.
#
# **Limits.** 60 seconds of CPU time; a few are enough. NumPy only. To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*.

# %% id="imports" role="setup"
import numpy as np

WINDOW, HORIZON, SEASON = 336, 24, 168  # hours: two weeks are the question, a day the answer, a week the rhythm

# %% id="data" role="setup"
with np.load("/data/calls-simulated/train.npz") as _file:
    calls = _file["calls"].astype("float64")
CUT = 6720  # forty weeks lie before it
print(f"{len(calls)} hours, {calls.mean():.1f} calls an hour before the cut and after it: {calls[:CUT].mean():.1f}, {calls[CUT:].mean():.1f}")
print("the first Monday:", calls[:24].astype(int).tolist())

# %% [markdown] id="rows-text"
# ## Step 1 · Windows
#
# `make_rows` lays a window on the series: `window` numbers are the question, the `horizon` numbers right after them the answer. Then both move on by **one**, until the last answer ends with the series. It
# returns two arrays, `x` (rows, window) and `y` (rows, horizon).

# %% id="make-rows" role="solution" hints=["How many rows has a series of ten, with windows of three and answers of two? Count on paper.", "np.lib.stride_tricks.sliding_window_view gives all pieces of a given length. Which length has a question together with its answer?", "Cut each long piece in two along its columns: the first window columns, and those after them. If the last row is missing, look whether your count ends one too early."]
def make_rows(series, window, horizon):
    """Return (x, y): all questions of length window, and for each the horizon numbers that follow it."""
    ### BEGIN SOLUTION
    pieces = np.lib.stride_tricks.sliding_window_view(series, window + horizon)
    return pieces[:, :window], pieces[:, window:]
    ### END SOLUTION

# %% id="rows-by-hand" role="check" points=1 title="Ten numbers make six rows"
x_, y_ = sequence(make_rows(np.arange(10.0), 3, 2), 2, "make_rows returns two things, x and y.")
close(x_, [[0, 1, 2], [1, 2, 3], [2, 3, 4], [3, 4, 5], [4, 5, 6], [5, 6, 7]], "Questions of 3 and answers of 2 in a series of 10: the first row asks [0, 1, 2], the last one [5, 6, 7].")
close(y_, [[3, 4], [4, 5], [5, 6], [6, 7], [7, 8], [8, 9]], "The first row answers [3, 4], the last one [8, 9].")

# %% id="rows-fresh" role="check" hidden=true points=1 required=true title="Other lengths" feedback="On series, windows and horizons of other lengths your rows differed from ours. Each row begins one later than the row before; the last answer ends with the series, also where there is one row only."
for length_, window_, horizon_ in ((9, 5, 4), (40, 7, 1), (61, 12, 9)):
    series_ = rng.normal(size=length_)
    x_, y_ = sequence(make_rows(series_, window_, horizon_), 2)
    starts_ = range(length_ - window_ - horizon_ + 1)
    close(x_, [series_[start_ : start_ + window_] for start_ in starts_])
    close(y_, [series_[start_ + window_ : start_ + window_ + horizon_] for start_ in starts_])

# %% [markdown] id="split-text"
# ## Step 2 · Split by time
#
# `split_rows` returns the row numbers of two parts, `(train, test)`, both in order. Position `cut` of the series is the first number that nobody knew on the day of training.
#
# - a **training** row has *all* of its answer before the cut;
# - a **test** row has *all* of its answer at the cut or after it. Its question may well reach back before the cut: that was the past.
# - rows whose answer lies on both sides belong to nobody.

# %% id="split" role="solution" hints=["A row is not a moment. Where does its answer begin, and where does it end?", "Row r begins at position r of the series. Its answer begins window later, and ends before position r + window + horizon.", "Make an array of all row numbers. Two comparisons with the cut give two masks; np.flatnonzero or indexing turns a mask into row numbers. Some rows are in neither."]
def split_rows(count, window, horizon, cut):
    """Return (train, test), two integer arrays: of the rows 0 … count-1 those with the whole answer before the cut, and from the cut on."""
    ### BEGIN SOLUTION
    rows = np.arange(count)
    answer = rows + window
    return rows[answer + horizon <= cut], rows[answer >= cut]
    ### END SOLUTION

# %% id="split-by-hand" role="check" points=1 title="Twenty hours, cut at hour 12"
train_, test_ = sequence(split_rows(14, 4, 3, 12), 2, "split_rows returns two things, train and test.")
same(train_, [0, 1, 2, 3, 4, 5], "Row 5 answers hours 9, 10 and 11 and is the last one for training.")
same(test_, [8, 9, 10, 11, 12, 13], "Row 8 answers hours 12, 13 and 14 and is the first one for the test; 6 and 7 belong to nobody.")

# %% id="split-fresh" role="check" hidden=true points=3 required=true title="No answer is on both sides, and no row is wasted" feedback="On other sizes an hour was part of a training answer and of a test answer, or rows were left out that could have been used. Look at where the answer of a row begins and ends, not at where the row begins."
for _ in range(8):
    window_, horizon_ = int(rng.integers(2, 30)), int(rng.integers(1, 20))
    count_ = int(rng.integers(90, 200))
    cut_ = int(rng.integers(window_ + horizon_ + 5, count_))
    train_, test_ = sequence(split_rows(count_, window_, horizon_, cut_), 2)
    same(train_, [r_ for r_ in range(count_) if max(range(r_ + window_, r_ + window_ + horizon_)) < cut_])
    same(test_, [r_ for r_ in range(count_) if min(range(r_ + window_, r_ + window_ + horizon_)) >= cut_])

# %% [markdown] id="usual-text"
# ## Step 3 · A column that looks back only
#
# *What is usual at this hour?* `usual` returns, for each position of the series, the mean of the numbers **one, two, … `times` seasons before it**. With a season of 168 and four times: the same hour of the four weeks before.
# The number at the position itself is not part of it, and nothing later. Where the series does not reach back far enough stands `np.nan`.

# %% id="usual" role="solution" hints=["Which numbers may the column use at position t, if it is to be known before t?", "series[:-season] is the series a season late. How long is it, and what is missing at its beginning?", "Make one late copy for each of the times, filled up with np.nan at its beginning to the full length, and take the mean over the copies. np.nan in one of them makes the mean np.nan."]
def usual(series, season, times):
    """Return a float array as long as the series: the mean of the numbers 1 … times seasons before, np.nan where one is missing."""
    ### BEGIN SOLUTION
    late = [np.concatenate([np.full(season * back, np.nan), series[: -season * back]]) for back in range(1, times + 1)]
    return np.mean(late, axis=0)
    ### END SOLUTION

# %% id="usual-by-hand" role="check" points=1 title="A season of three, twice"
came_ = array(usual(np.array([1.0, 2, 3, 5, 6, 7, 9, 8, 0]), 3, 2), (9,), message="One number for each position.", finite=False)
every(np.isnan(came_[:6]), f"The first six positions do not have two seasons before them: np.nan. Came {came_[:6].tolist()}.", count=6)
close(came_[6:], [3, 4, 5], "Position 6 has 5 and 1 before it, three and six places back: mean 3. Then 4 and 5.")

# %% id="usual-blind" role="check" hidden=true points=3 required=true title="The column does not notice what comes later" feedback="We changed a series from one position on and asked for your column again. It changed at that position or before it, or it was not the mean of the earlier seasons to begin with. What is known only later must not be in it."
for _ in range(4):
    season_, times_ = int(rng.integers(2, 9)), int(rng.integers(1, 5))
    series_ = rng.normal(10, 3, 90)
    start_ = season_ * times_
    moment_ = int(rng.integers(start_ + 2, 80))
    shouted_ = series_.copy()
    shouted_[moment_:] *= 1e6
    wanted_ = [np.mean([series_[t_ - season_ * k_] for k_ in range(1, times_ + 1)]) for t_ in range(start_, 90)]
    calm_, loud_ = (array(usual(given_, season_, times_), (90,), finite=False) for given_ in (series_, shouted_))
    every(np.isnan(calm_[:start_]), count=start_)
    every(np.isnan(loud_[:start_]), count=start_)
    close(calm_[start_:], wanted_)
    close(loud_[start_ : moment_ + 1], wanted_[: moment_ + 1 - start_])

# %% [markdown] id="prepare-text"
# ## Step 4 · One scale, from the past
#
# `prepare` puts it together and returns six things: `x_train, y_train, x_test, y_test, mean, spread`. Mean and standard deviation are numbers, taken from **all of the series before the cut** and nothing else. Questions
# and answers of *both* parts are scaled with them: subtract the mean, divide by the spread.

# %% id="prepare" role="solution" hints=["On which day was each of the numbers known that go into the mean?", "Take the statistics first, from a slice of the series. Then make the rows and ask split_rows which of them are used.", "If you scale the whole series with the two numbers of the past before you cut it into rows, all four arrays come out scaled with the same ruler."]
def prepare(series, window, horizon, cut):
    """Return (x_train, y_train, x_test, y_test, mean, spread), the arrays scaled by the mean and standard deviation of series[:cut]."""
    ### BEGIN SOLUTION
    mean, spread = series[:cut].mean(), series[:cut].std()
    x, y = make_rows((series - mean) / spread, window, horizon)
    train, test = split_rows(len(x), window, horizon, cut)
    return x[train], y[train], x[test], y[test], mean, spread
    ### END SOLUTION

# %% id="prepared" role="check" points=1 title="6,361 training rows, 1,993 test rows"
parts_ = sequence(prepare(calls, 336, 24, 6720), 6, "prepare returns six things.")
for place_, name_, shape_ in ((0, "x_train", (6361, 336)), (1, "y_train", (6361, 24)), (2, "x_test", (1993, 336)), (3, "y_test", (1993, 24))):
    array(parts_[place_], shape_, message=f"{name_}:")
past_ = array(calls, (8736,))[:6720]
close(parts_[4], past_.mean(), "The fifth thing is the mean of the hours before the cut.")
close(parts_[5], past_.std(), "The sixth thing is the standard deviation of the hours before the cut.")

# %% id="no-leak" role="check" hidden=true points=4 required=true title="Training does not notice what comes after the cut" feedback="We prepared a series, made every number after the cut a million times larger, and prepared it again. Training rows or the scale changed, or they were not the right ones to begin with: something from after the cut has reached them. Look at what the mean was taken from, and at the answers of the last training rows."
series_ = rng.normal(20, 4, 400)
shouted_ = series_.copy()
shouted_[300:] *= 1e6
calm_, loud_ = (sequence(prepare(given_, 21, 6, 300), 6) for given_ in (series_, shouted_))
shapes_ = {0: (274, 21), 1: (274, 6), 4: (), 5: ()}
changes_ = [float(np.abs(array(calm_[place_], shape_) - array(loud_[place_], shape_)).max()) for place_, shape_ in shapes_.items()]
change_ = min(max(changes_), 1e9)
report_metric("largest change of a training row, in standard deviations", change_, threshold=1e-6, better="lower")
assert change_ <= 1e-6
mean_, spread_ = series_[:300].mean(), series_[:300].std()
pieces_ = np.lib.stride_tricks.sliding_window_view((series_[:300] - mean_) / spread_, 27)
close(calm_[0], pieces_[:, :21])
close(calm_[1], pieces_[:, 21:])
close(calm_[4:], [mean_, spread_])

# %% id="same-ruler" role="check" hidden=true points=2 required=true title="Test rows are measured with the ruler of the past" feedback="Test rows, questions and answers, must be scaled with the mean and the standard deviation of the series before the cut. With statistics of their own the growth after the cut disappears, and with it what is to be forecast."
series_ = np.cumsum(rng.normal(0.3, 1, 260))
came_ = sequence(prepare(series_, 14, 5, 180), 6)
pieces_ = np.lib.stride_tricks.sliding_window_view((series_ - series_[:180].mean()) / series_[:180].std(), 19)
pieces_ = pieces_[np.arange(len(pieces_)) + 14 >= 180]
close(came_[2], pieces_[:, :14])
close(came_[3], pieces_[:, 14:])

# %% [markdown] id="naive-text"
# ## Step 5 · The lazy forecast
#
# *As a week ago.* `seasonal_naive` gets questions (rows, window) and says for each of the `horizon` steps ahead what stood **one season before it**. If the horizon is longer than a season, the last season of the question is
# said again and again. It works in calls as well as in scaled numbers.

# %% id="naive" role="solution" hints=["The first step ahead of a question that ends on Sunday at 23:00 is Monday at 00:00. Where in the question is the Monday before?", "Step 0 ahead has column -season of the question, step 1 the column after it. After a whole season it begins again: the remainder of a division says where you are.", "x[:, columns] picks many columns at once, also the same one twice. Build the column numbers from np.arange(horizon), the remainder by the season, and the season's beginning."]
def seasonal_naive(x, horizon, season):
    """Return forecasts (rows, horizon): each step ahead is what stood a season before it, the last season of x again and again."""
    ### BEGIN SOLUTION
    return x[:, np.arange(horizon) % season - season]
    ### END SOLUTION

# %% id="naive-by-hand" role="check" points=1 title="A season of three, shorter and longer horizons"
question_ = np.array([[9.0, 1, 2, 3]])
for horizon_, wanted_ in ((2, [1, 2]), (3, [1, 2, 3]), (5, [1, 2, 3, 1, 2])):
    close(seasonal_naive(question_, horizon_, 3), [wanted_], f"After 9, 1, 2, 3 with a season of 3 the next {horizon_} are {wanted_}.")

# %% id="public-days" role="examiner" before_hidden=true
# Public rows are asked for and shown before a function of the learner's has seen anything hidden.
with np.load(public("calls-simulated", "train.npz")) as file_:
    public_days_ = np.lib.stride_tricks.sliding_window_view(file_["calls"].astype("float64")[-12 * 168 :], 360)[::24]
lazy_days_ = array(seasonal_naive(public_days_[:, :336], 24, 168), (len(public_days_), 24))
report_examples(
    public_days_[:, -192:],
    [f"{calls_:.0f} calls that day" for calls_ in public_days_[:, 336:].sum(axis=1)],
    [f"{calls_:.0f} calls" for calls_ in lazy_days_.sum(axis=1)],
    wrongness=np.abs(lazy_days_ - public_days_[:, 336:]).mean(axis=1),
    title="Days of the public part that it missed most: the week before, and the day itself",
    check="naive-held-out",
)

# %% id="held-out-data" role="examiner"
with np.load(public("calls-simulated", "train.npz")) as file_:
    known_calls_ = file_["calls"].astype("float64")
with np.load(held_out("calls-simulated", "test.npz")) as file_:
    later_calls_, holiday_ = file_["calls"].astype("float64"), file_["holiday"] == 1
pieces_ = np.lib.stride_tricks.sliding_window_view(np.concatenate([known_calls_[-336:], later_calls_]), 360)[::24]  # one a day, at midnight
asked_, answered_ = pieces_[:, :336], pieces_[:, 336:]
bar_ = asked_[:, -168:-144]

# %% id="naive-held-out" role="check" hidden=true points=2 required=true title="Twenty weeks that you have not seen" feedback="On the 140 held-out days, or with other seasons and horizons, your lazy forecast was not the one of a season before. It begins with the first number of the last season of the question, not with that of the whole question."
close(seasonal_naive(asked_, 24, 168), bar_)
for season_, horizon_ in ((4, 11), (7, 3), (5, 5)):
    x_ = rng.normal(size=(6, 15))
    close(seasonal_naive(x_, horizon_, season_), [[row_[len(row_) - season_ + step_ % season_] for step_ in range(horizon_)] for row_ in x_])
# A right forecast is the one that we know: what is reported is made of ours, so that nothing held out leaves in it.
report_metric("MAE of your lazy forecast on held-out days, calls an hour", float(np.abs(bar_ - answered_).mean()), better="lower")
report_residuals(answered_.ravel(), bar_.ravel(), unit="calls", title="Where the lazy forecast misses, 140 held-out days")
day_ = np.arange(len(answered_))
kind_ = np.where(holiday_[::24], "holiday", np.where(np.roll(holiday_[::24], 7), "a week after a holiday", np.where(day_ % 7 >= 5, "weekend", "working day")))
report_slices(np.abs(bar_ - answered_).ravel(), np.repeat(kind_, 24), metric="MAE, calls an hour", better="lower", title="The lazy forecast by kind of day, held-out")

# %% [markdown] id="ratio-text"
# ## Step 6 · The bar
#
# `relative_error` says how good any forecast is: the mean absolute error of the forecast **divided by** that of seasonal-naive on the same rows. 1.00 is no gain, 0.85 is fifteen per cent less error.

# %% id="ratio" role="solution" hints=["Two errors on the same answers. Which one stands below the line?", "The horizon is the number of columns of y. The mean goes over all rows and all steps.", "Call your seasonal_naive for the one error, use the given forecast for the other: np.abs of a difference, then one mean each."]
def relative_error(forecast, x, y, season):
    """Return the MAE of forecast (rows, horizon) as a multiple of the MAE of seasonal-naive on the same questions x and answers y."""
    ### BEGIN SOLUTION
    bar = np.abs(seasonal_naive(x, y.shape[1], season) - y).mean()
    return float(np.abs(forecast - y).mean() / bar)
    ### END SOLUTION

# %% id="look" role="setup"
try:
    _x, _y = (part[CUT - WINDOW :: 24] for part in make_rows(calls, WINDOW, HORIZON))
    print("rows of one day each, after the cut:", len(_x))
    print(f"seasonal-naive {relative_error(seasonal_naive(_x, HORIZON, SEASON), _x, _y, SEASON):.2f}")
    print(f"persistence    {relative_error(np.repeat(_x[:, -1:], HORIZON, axis=1), _x, _y, SEASON):.2f}")
    _usual = np.stack([usual(calls, SEASON, 4)[row + WINDOW :][:HORIZON] for row in CUT - WINDOW + 24 * np.arange(len(_x))])
    print(f"the usual hour {relative_error(_usual, _x, _y, SEASON):.2f}")
except NotImplementedError:
    print("Some step is still empty.")

# %% id="ratio-by-hand" role="check" points=1 title="Half of the error is 0.5"
x_, y_ = np.array([[1.0, 2, 3, 4]]), np.array([[5.0, 6]])
close(relative_error(np.array([[4.0, 5]]), x_, y_, 2), 0.5, "Seasonal-naive says 3 and 4 and misses by 2 each; the forecast 4 and 5 misses by 1 each: 0.5.")

# %% id="ratio-fresh" role="check" hidden=true points=1 required=true title="The ratio of other forecasts" feedback="On other forecasts your ratio differed from ours: the mean absolute error of the forecast over all rows and steps, divided by that of seasonal-naive. Squares, or a mean of ratios, give other numbers."
for _ in range(4):
    x_, y_, said_ = rng.normal(size=(9, 12)), rng.normal(size=(9, 8)), rng.normal(size=(9, 8))
    close(relative_error(said_, x_, y_, 6), np.abs(said_ - y_).mean() / np.abs(x_[:, [6, 7, 8, 9, 10, 11, 6, 7]] - y_).mean())

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **The days after a holiday.** Which days does the lazy forecast miss most, and why twice? Write a lazy forecast that knows the calendar.
# 2. **A late ledger.** Suppose the calls of a day are counted two days later. Which columns of a question are then still unknown at night? Change `make_rows` so that it has a gap.
# 3. **The nearly perfect laptop.** Make the volunteer's mistake on purpose: mix the rows before you split them and look up the most similar training question. How good does it look, and what is it after the cut?
