# %% [markdown] id="story"
# # Home win, draw, away win
#
# In an amateur league the referee writes the goals of the home team and those of the guests side by side on a slip of paper. A scanner cuts out both digits, 8 × 8 cells each, and hands them on as one picture of 8 × 16. You will train
# a network that says from the picture who has won, without ever being told the digits, and find out how many slips the secretary need not look at.
#
# **Metric.** On **3,000 slips that you have not seen**: accuracy at least **0.81**, and mean cross-entropy at most **0.5**. The budget is **20,000 parameters**.
#
# **Data card.** 1,797 digits written by volunteers, from the UCI set *Optical Recognition of Handwritten Digits* (E. Alpaydin, C. Kaynak), as packaged in scikit-learn. You get 1,397 of them as `images`, uint8 (n, 8, 8), the amount of ink
# from 0 to 16, and `labels`, uint8. The slips are SIMULATED: two digits drawn at random, so that nought to nine goals are equally likely and one slip in ten is a draw. Real results are lower and more often drawn. The examiner's
# slips are made of the other 400 digits; the writers are not named, so the same hand may be on both sides.
#
# **Limits.** 90 seconds of CPU time. TensorFlow 2.21 and Keras 3. To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)
OUTCOMES = ["home win", "draw", "away win"]

# %% id="data" role="setup"
with np.load("/data/digits/train.npz") as _file:
    images, labels = _file["images"], _file["labels"]
print(images.shape, images.dtype, labels.dtype, "the first two would be", f"{labels[0]}:{labels[1]}")
for _left, _right in zip(images[0], images[1]):
    print("".join(" .:-=+*#%@"[int(_ink) * 9 // 16] * 2 for _ink in (*_left, *_right)))

# %% [markdown] id="slips-text"
# ## Step 1 · Write slips
#
# `make_slips` draws `count` slips from the given digits: for each, one digit for the home team and, independently of it, one for the guests, all equally likely, the same ones for the same seed. It returns
#
# - the pictures, uint8 (count, 8, 16), the home team's digit on the **left**;
# - the outcomes, an integer array (count,): **0** home win, **1** draw, **2** away win.

# %% id="slips" role="solution" hints=["What do you draw: pictures, or row numbers? How many, for each slip?", "Two calls of generator.integers give the rows for the left and the right. np.concatenate joins pictures along an axis. What happens when unsigned bytes are subtracted? Compare instead."]
def make_slips(images, labels, count, seed):
    """Return uint8 (count, 8, 16), a home digit left and a guest digit right of each slip, and int (count,): 0 home win, 1 draw, 2 away win."""
    ### BEGIN SOLUTION
    generator = np.random.default_rng(seed)
    home = generator.integers(0, len(images), count)
    away = generator.integers(0, len(images), count)
    outcomes = np.where(labels[home] == labels[away], 1, np.where(labels[home] > labels[away], 0, 2))
    return np.concatenate([images[home], images[away]], axis=2), outcomes
    ### END SOLUTION

# %% id="slips-by-hand" role="check" points=2 title="Slips of two digits, looked at one by one"
digits_ = np.stack([np.full((8, 8), 3, "uint8"), np.full((8, 8), 8, "uint8")])
came_, said_ = sequence(make_slips(digits_, np.array([3, 8], "uint8"), 60, 5), 2, "make_slips returns pictures and outcomes.")
came_, said_ = array(came_, (60, 8, 16), "integer", "60 slips are uint8 (60, 8, 16)."), array(said_, 60, "integer", "60 slips have 60 outcomes.")
assert came_.dtype == np.uint8, f"60 slips are uint8. You returned {came_.dtype}."
left_, right_ = came_[:, 0, 0].astype(int), came_[:, 0, 15].astype(int)
assert (came_[:, :, :8] == left_[:, None, None]).all() and (came_[:, :, 8:] == right_[:, None, None]).all(), "Each half of a slip must be one of the given digits."
for home_, away_, wanted_ in ((8, 3, 0), (3, 3, 1), (8, 8, 1), (3, 8, 2)):
    rows_ = (left_ == home_) & (right_ == away_)
    assert rows_.any(), f"Among 60 slips there is no {home_}:{away_}."
    assert (said_[rows_] == wanted_).all(), f"{home_}:{away_} is outcome {wanted_}. You returned {said_[rows_][0]}."

# %% id="slips-fresh" role="check" hidden=true required=true points=2 title="Slips of other digits" feedback="On random digits we found a slip with the wrong outcome, a digit that never came on one of the sides, or a seed that does not do what it should."
digits_ = np.arange(16, dtype="uint8")[:, None, None] + np.zeros((1, 8, 8), "uint8")
goals_ = rng.integers(0, 10, 16).astype("uint8")
first_, again_, second_ = (make_slips(digits_, goals_, 1500, seed_) for seed_ in (1, 1, 2))
came_, said_ = sequence(first_, 2)
came_, said_ = array(came_, (1500, 8, 16), "integer"), array(said_, 1500, "integer")
same(came_, np.concatenate([np.repeat(came_[:, :, :1], 8, axis=2), np.repeat(came_[:, :, 15:], 8, axis=2)], axis=2))
home_, away_ = came_[:, 3, 2].astype(int), came_[:, 3, 12].astype(int)
difference_ = goals_[home_].astype(int) - goals_[away_].astype(int)
assert said_.tolist() == (1 - np.sign(difference_)).tolist()
assert len(set(home_.tolist())) == len(set(away_.tolist())) == 16 and len(set(zip(home_.tolist(), away_.tolist()))) > 220
same(sequence(again_, 2)[0], came_)
differ(sequence(second_, 2)[0], came_)

# %% [markdown] id="split-text"
# ## Step 2 · Keep digits back, not slips
#
# Make `x_train`, `y_train`, **20,000** slips, and `x_valid`, `y_valid`, **2,000** slips, such that **no handwritten digit is in both**: a network that has seen this very 7 on another slip is not tested by it. Take about 200 digits for validation.

# %% id="split" role="solution" hints=["What has to be divided before anything is paired?", "The file comes mixed, so slices of images and labels are a fair split. Call make_slips once for each part."]
# The four names that the checks look for: x_train, y_train, x_valid, y_valid
### BEGIN SOLUTION
x_train, y_train = make_slips(images[200:], labels[200:], 20_000, 1)
x_valid, y_valid = make_slips(images[:200], labels[:200], 2_000, 2)
### END SOLUTION
### BEGIN STARTER
# x_train = y_train = x_valid = y_valid = None  # Your code here
### END STARTER

# %% id="digits-apart" role="check" points=2 title="No handwritten digit on both sides, and the outcomes are right"
x_train_, x_valid_ = array(x_train, (20_000, 8, 16), "integer", "x_train has 20,000 slips."), array(x_valid, (2_000, 8, 16), "integer", "x_valid has 2,000 slips.")
y_train_, y_valid_ = array(y_train, 20_000, "integer", "y_train has 20,000 outcomes."), array(y_valid, 2_000, "integer", "y_valid has 2,000 outcomes.")
goals_ = {image_.tobytes(): int(label_) for image_, label_ in zip(array(images, (1397, 8, 8), "integer").astype("uint8"), array(labels, 1397, "integer"))}  # no image occurs twice in this set
seen_ = []
for name_, x_, y_ in (("training", x_train_, y_train_), ("validation", x_valid_, y_valid_)):
    home_, away_ = ([half_.tobytes() for half_ in x_.astype("uint8")[:, :, start_ : start_ + 8]] for start_ in (0, 8))
    assert {*home_, *away_} <= set(goals_), f"A slip of the {name_} part is not made of two of the given digits."
    right_ = [0 if goals_[h_] > goals_[a_] else 1 if goals_[h_] == goals_[a_] else 2 for h_, a_ in zip(home_, away_)]
    same(y_, right_, f"Outcomes of the {name_} part.")
    seen_.append({*home_, *away_})
assert not seen_[0] & seen_[1], f"{len(seen_[0] & seen_[1])} handwritten digits are in both parts."

# %% id="split-true" role="check" hidden=true required=true points=2 title="The two parts, held against the digits themselves" feedback="We took the given digits from their file and looked at every slip of x_train and x_valid: each half must be one of the digits, with the outcome that follows; no digit may be in both parts; each part must have at least 100 different digits, on both sides."
with np.load(public("digits", "train.npz")) as file_:
    known_ = {image_.tobytes(): int(label_) for image_, label_ in zip(file_["images"].astype("uint8"), file_["labels"])}
parts_ = []
x_train_, y_train_ = array(x_train, (20_000, 8, 16), "integer").astype("uint8"), array(y_train, 20_000, "integer")
x_valid_, y_valid_ = array(x_valid, (2_000, 8, 16), "integer").astype("uint8"), array(y_valid, 2_000, "integer")
for x_, y_ in ((x_train_, y_train_), (x_valid_, y_valid_)):
    sides_ = [[half_.tobytes() for half_ in x_[:, :, start_ : start_ + 8]] for start_ in (0, 8)]
    same(y_, [1 - int(np.sign(known_[h_] - known_[a_])) for h_, a_ in zip(*sides_)])
    assert min(len(set(side_)) for side_ in sides_) >= 100
    parts_.append({*sides_[0], *sides_[1]})
assert not parts_[0] & parts_[1]

# %% [markdown] id="model-text"
# ## Step 3 · Who has won?
#
# Build and train `model`: from **raw** slips (8, 16), values 0 to 16, to three probabilities that sum to 1, at most 20,000 parameters, layers of Keras only. Whatever the network needs done to the pictures is a layer of it.

# %% id="model" role="solution" hints=["Scaled, made a row, passed through hidden units, ended as three probabilities: one layer each. Is one hidden layer enough to compare two digits?", "A dense layer from 128 cells to 96 units has 12,384 parameters. The loss for whole-number labels has sparse in its name; batches of 256 make twenty epochs short."]
# The name that the checks look for: model
### BEGIN SOLUTION
model = keras.Sequential(
    [
        keras.Input((8, 16)),
        keras.layers.Rescaling(1 / 16),
        keras.layers.Flatten(),
        keras.layers.Dense(96, activation="relu"),
        keras.layers.Dense(48, activation="relu"),
        keras.layers.Dropout(0.2),
        keras.layers.Dense(3, activation="softmax"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.004), loss="sparse_categorical_crossentropy")
model.fit(x_train, y_train, epochs=20, batch_size=256, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = None  # Your code here
### END STARTER

# %% id="model-shape" role="check" points=1 title="From 8 × 16 to three probabilities, within the budget"
assert tuple(model.input_shape) == (None, 8, 16) and tuple(model.output_shape) == (None, 3), f"From (None, 8, 16) to (None, 3). It goes from {model.input_shape} to {model.output_shape}."
assert int(model.count_params()) <= 20_000, f"The budget is 20,000 parameters. Your model has {int(model.count_params()):,}."
outputs_ = array(model.predict(array(x_valid, (2_000, 8, 16))[:20], verbose=0), (20, 3))
assert outputs_.min() >= 0, f"Probabilities are never negative. The smallest is {outputs_.min():.2f}."
close(outputs_.sum(axis=1), np.ones(20), "Three probabilities sum to 1.", atol=1e-3)

# %% id="held-out-slips" role="examiner"
with np.load(held_out("digits", "test.npz")) as file_:
    unseen_, goals_ = file_["images"], file_["labels"].astype("int64")
generator_ = np.random.default_rng(20200618)
home_, away_ = generator_.integers(0, len(unseen_), (2, 3000))
slips_, outcome_ = np.concatenate([unseen_[home_], unseen_[away_]], axis=2), 1 - np.sign(goals_[home_] - goals_[away_])
answers_ = None


def answers_of_(name):
    """Return the three outputs (3000, 3) of the learner's model for the hidden slips, rebuilt here."""
    global answers_
    if answers_ is None:
        answers_ = array(rebuild(name).predict(slips_, verbose=0, batch_size=500), (3000, 3)).astype("float64")
    return answers_

# %% id="accuracy" role="check" hidden=true points=4 required=true title="The outcome of 3,000 slips that you have not seen" feedback="We rebuilt your model and gave it 3,000 raw slips (whole numbers 0 to 16) made of digits that were kept from you. Accuracy was under 0.81, or the model has more than 20,000 parameters. Near 0.7 it cannot compare: a sum over cells knows no draw. Is there a hidden layer, enough epochs, and the scaling in the model?"
said_ = array(answers_of_("model"), (3000, 3)).argmax(axis=1)
accuracy_ = float((said_ == outcome_).mean())
report_metric("accuracy on unseen slips", accuracy_, threshold=0.81)
parameters_ = rebuild("model").count_params()
report_metric("parameters", parameters_, threshold=20_000, better="lower")
report_confusion(outcome_, said_, labels=["home win", "draw", "away win"], title="What your model took for what, on 3,000 hidden slips")
distance_ = np.abs(goals_[home_] - goals_[away_])
report_slices(said_ == outcome_, np.where(distance_ == 0, "draw", np.where(distance_ == 1, "one goal between them", "more goals between them")), title="By the difference of the goals")
assert parameters_ <= 20_000 and accuracy_ >= 0.81

# %% id="confidence" role="check" hidden=true points=3 required=true title="Its probabilities mean something: cross-entropy at most 0.5" feedback="On the 3,000 hidden slips the mean cross-entropy (minus the logarithm of the probability given to what happened) was above 0.5, or the outputs were no probabilities. Is there a softmax at the end, and is the scaling in the model?"
probabilities_ = array(answers_of_("model"), (3000, 3))
assert probabilities_.min() >= 0
close(probabilities_.sum(axis=1), np.ones(3000), atol=1e-3)
cross_entropy_ = float(-np.log(np.clip(probabilities_[np.arange(3000), outcome_], 1e-12, 1)).mean())
report_metric("cross-entropy on unseen slips", cross_entropy_, threshold=0.5, better="lower")
assert cross_entropy_ <= 0.5

# %% [markdown] id="sure-text"
# ## Step 4 · What the secretary need not look at
#
# A slip is *sure* if its **largest** probability is at least `level`. `sure(probabilities, truth, level)` returns two floats: the share of all slips that are sure, and the share of **these** in which the outcome with the largest probability is the
# true one (`nan` if none is sure).

# %% id="sure" role="solution" hints=["Two masks: which slips are sure, and which are right?", "max and argmax along axis 1; the mean of a mask is a share, and one mask can pick from another."]
def sure(probabilities, truth, level):
    """Return (share of slips with a largest probability of at least level, share of these that are right or nan)."""
    ### BEGIN SOLUTION
    chosen = probabilities.max(axis=1) >= level
    right = probabilities.argmax(axis=1) == truth
    return float(chosen.mean()), float(right[chosen].mean()) if chosen.any() else float("nan")
    ### END SOLUTION

# %% id="sure-by-hand" role="check" points=2 title="Five slips at three levels"
given_ = np.array([[0.9, 0.0, 0.1], [0.1, 0.1, 0.8], [0.2, 0.6, 0.2], [0.95, 0.05, 0.0], [0.4, 0.3, 0.3]])
for level_, share_, right_ in ((0.8, 3 / 5, 2 / 3), (0.5, 4 / 5, 3 / 4), (0.3, 1, 3 / 5)):
    close(sure(given_, np.array([0, 2, 1, 2, 1]), level_), [share_, right_], f"At level {level_} a share of {share_:.2f} is sure and {right_:.2f} of these are right.")
share_, right_ = sequence(sure(given_, np.array([0, 2, 1, 2, 1]), 0.99), 2, "sure returns two numbers.")
close(share_, 0, "At level 0.99 none is sure.")
assert np.isnan(array(right_, (), finite=False)), "At level 0.99 none is sure: the second number is nan."

# %% id="sure-fresh" role="check" hidden=true required=true points=2 title="Other slips, other levels" feedback="On random probabilities and levels your two shares differed from ours. A slip is sure by its largest probability, whichever outcome that is for; the second share is one of the sure slips alone."
for level_ in (0.34, 0.5, 0.62, 0.8):
    given_ = rng.dirichlet([0.6, 0.6, 0.6], 80)
    truth_ = rng.integers(0, 3, 80)
    chosen_ = given_.max(axis=1) >= level_
    close(sure(given_, truth_, level_), [chosen_.mean(), (given_.argmax(axis=1) == truth_)[chosen_].mean()])
