# %% [markdown] id="story"
# # The pile of films
#
# A radiologist has more films than eyes. She cannot look at all of them today, but she can look at **one in five**. Somewhere in the pile lies one that cannot wait. You will
# build a machine with three answers: `clear`, the film goes to the end of the pile; `mark`, it is acted upon at once; and `refer`, which means *I do not know, look at this one*.
# Then you write down how often it errs, and for whom, so that somebody else can check it.
#
# **Metric.** On **1,000 films that you have not seen**: `caught`, the share of the films with a finding that are *not* cleared, at least **0.94**, while at most **0.25** of all films are
# referred (a fifth, and some room for chance) and at least **0.7** of the marked films have a finding. And the probabilities must be honest: calibration error at most **0.08**.
#
# **Data card.** SIMULATED: films of 48 × 48 that a program of ours has drawn, soft ellipses and ribs, with a cloudy patch in a quarter of them; the card of `chest-simulated` says how. No film of a person
# went into them, and nothing that works here is known to work on people. You get 2,000 in `/data/chest-simulated/train.npz`: `films` as uint8, `labels` (1 finding, 0 healthy) and `sites` (0 for A, 1 for
# B, whose films are darker, softer and noisier; three of ten). The labels are exact, where real ones are opinions, and a quarter is far more than in a real pile.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21 and Keras 3.
#
# To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*. The examiner builds your network again from its layers and weights, so use Keras' own layers.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)
BUDGET = 0.2  # of all films, the share that she can look at

# %% id="data" role="setup"
with np.load("/data/chest-simulated/train.npz") as _file:
    films, findings, sites = _file["films"], _file["labels"].astype("int64"), _file["sites"]
x_train, y_train = films[:1200], findings[:1200]  # the file comes mixed, so slices are a fair split
x_valid, y_valid = films[1200:1600], findings[1200:1600]  # to choose temperature and borders
x_audit, y_audit, site_audit = films[1600:], findings[1600:], sites[1600:]  # for the card: nothing is chosen on them


def soften(p, temperature):
    """Return the probabilities with their scores ln(p / (1 - p)) divided by the temperature."""
    p = np.clip(np.asarray(p, float), 1e-6, 1 - 1e-6)
    return 1 / (1 + np.exp(-np.log(p / (1 - p)) / temperature))


def draw(film):
    """Return one 48 × 48 film as 24 lines of text, denser signs for brighter places."""
    return "\n".join("".join(" .:-=+*#%@"[int(value) * 9 // 255] for value in row) for row in film[::2])


print("SIMULATED", films.shape, films.dtype, "| findings", int(findings.sum()), "| site B", int(sites.sum()))
_ill = int(np.flatnonzero(y_train == 1)[0])
print(f"film {_ill}, with a finding\n{draw(x_train[_ill])}")

# %% [markdown] id="errors-text"
# ## Step 1 · Name the errors
#
# Accuracy adds two errors that have nothing to do with each other. Write the three numbers of the lesson instead, from an array of the words `clear`, `refer` and `mark`:
#
# - `caught`: of the films with a finding, the share that is **not cleared**;
# - `precision`: of the marked films, the share that has a finding; `nan` if nothing is marked;
# - `referred`: of all films, the share that is referred.

# %% id="errors" role="solution" hints=["Three shares: of which films is each one a share?", "answers != \"clear\" is a mask of booleans, and the mean of a mask is a share. The films to look at come from a second mask.", "Select with one mask, then take the mean of the other. For precision ask first whether any film is marked: the mean of nothing warns."]
def name_errors(answers, findings):
    """Return {"caught", "precision", "referred"} as floats; answers is an array of "clear", "refer" and "mark", findings of 0 and 1."""
    ### BEGIN SOLUTION
    answers, findings = np.asarray(answers), np.asarray(findings)
    marked = answers == "mark"
    return {
        "caught": float((answers[findings == 1] != "clear").mean()),
        "precision": float(findings[marked].mean()) if marked.any() else float("nan"),
        "referred": float((answers == "refer").mean()),
    }
    ### END SOLUTION

# %% id="errors-by-hand" role="check" points=1 title="Eight films, counted by hand"
answers_ = np.array(["mark", "mark", "refer", "clear", "clear", "clear", "refer", "mark"])
came_ = mapping(name_errors(answers_, np.array([1, 0, 1, 1, 0, 0, 0, 1])), ("caught", "precision", "referred"))
close(came_["caught"], 0.75, "Four films have a finding: two are marked, one is referred, one is cleared. So 0.75 are caught.")
close(came_["precision"], 2 / 3, "Of three marked films two have a finding: 0.667.")
close(came_["referred"], 0.25, "Two of eight films are referred: 0.25.")
came_ = mapping(name_errors(np.array(["clear", "refer"]), np.array([0, 1])), ("caught", "precision", "referred"))
same(came_["precision"], np.nan, "With nothing marked, precision is nan.")

# %% id="errors-fresh" role="check" hidden=true points=1 required=true title="The errors of other answers" feedback="On random answers one of your three numbers differed from ours. A referred film is not cleared, so its finding is caught; precision looks at marked films only, and is nan where nothing is marked."
for case_ in range(8):
    findings_ = (rng.random(60) < 0.4).astype(int)
    answers_ = rng.choice(np.array(["clear", "refer", "mark"]), 60, p=[0.5, 0.2, 0.3] if case_ else [0.7, 0.3, 0.0])
    came_ = mapping(name_errors(answers_, findings_), ("caught", "precision", "referred"))
    close(came_["caught"], (answers_[findings_ == 1] != "clear").mean())
    close(came_["referred"], (answers_ == "refer").mean())
    close(came_["precision"], findings_[answers_ == "mark"].mean()) if case_ else same(came_["precision"], np.nan)

# %% [markdown] id="calibration-text"
# ## Step 2 · Does 80 % mean 80 %?
#
# The expected calibration error: sort the films into ten bins of equal width by their probability (1.0 belongs to the last one). In each bin that is not empty, compare the mean probability with the share of findings. Return the
# mean of these differences, each **weighted by the share of films** in its bin.

# %% id="calibration-error" role="solution" hints=["Which bin does 0.37 belong to? And 1.0?", "The whole part of ten times the probability is the number of the bin; np.minimum keeps 1.0 in bin 9. Empty bins are left out if you loop over the numbers that occur.", "For each bin a mask. Add up, bin by bin: mean of the mask, times the distance between the mean probability and the mean finding under the mask."]
def calibration_error(probabilities, findings):
    """Return the expected calibration error with ten bins of equal width, as a float from 0 to 1."""
    ### BEGIN SOLUTION
    p, y = np.asarray(probabilities, float), np.asarray(findings)
    bins = np.minimum((p * 10).astype(int), 9)
    error = 0.0
    for number in np.unique(bins):
        inside = bins == number
        error += inside.mean() * abs(p[inside].mean() - y[inside].mean())
    return float(error)
    ### END SOLUTION

# %% id="calibration-by-hand" role="check" points=1 title="The five films of the lesson"
close(
    calibration_error(np.array([0.12, 0.16, 0.82, 0.86, 1.00]), np.array([0, 1, 1, 1, 0])), 0.408,
    "0.4 · 0.36 + 0.4 · 0.16 + 0.2 · 1.00 is 0.408. Is each bin weighted by its share of films, and 1.0 in the last bin?",
)
close(
    calibration_error(np.array([0.25, 0.25, 0.25, 0.25]), np.array([0, 0, 1, 0])), 0,
    "Four films at 0.25, one with a finding: said and true agree, so 0.",
)

# %% id="calibration-fresh" role="check" hidden=true points=1 required=true title="The calibration error of other probabilities" feedback="On random probabilities your number differed from ours. Ten bins of equal width from 0 to 1, not of equal size; a mean over films, not over bins; the absolute difference."
for _ in range(6):
    p_ = rng.beta(0.6, 1.2, 200)
    y_ = (rng.random(200) < p_ ** 1.5).astype(int)
    bins_ = np.minimum((p_ * 10).astype(int), 9)
    close(calibration_error(p_, y_), sum(abs((p_[bins_ == bin_] - y_[bins_ == bin_]).sum()) for bin_ in range(10)) / 200)

# %% [markdown] id="model-text"
# ## Step 3 · The network
#
# `build_model` returns an untrained Keras model from **raw** films (48, 48, 1), values 0 to 255, to **one probability** of a finding, with at least one `Conv2D`, hidden layers with an activation that is not linear, and at most **100,000 parameters**. Train it on
# the 1,200 training films and keep it as `model`. It has little to learn from: plenty of `Dropout` keeps it from learning films by heart.
#
# Two machines took the films, and no two films are equally bright. Learning that away costs films that you do not have, so take it away: `LayerNormalization(axis=[1, 2, 3], center=False, scale=False)`, right after the
# scaling, gives **each film** mean 0 and standard deviation 1 and learns nothing. Without it, and with 1,400 films, we caught 0.86 to 0.93.

# %% id="train" role="solution" hints=["The network of the lesson on clothes, with another input and another end. What are the last layer and the loss for one yes or no?", "A convolution with a stride of 2, pooling, a second convolution, pooling: 48 becomes 24, 12, 12, 6. Flatten, Dropout of one half, a hidden Dense layer, Dropout again, one output with a sigmoid.", "Adam at its usual rate, batches of 32 and some 14 epochs take about ten seconds. The films need a last axis of 1; the scaling belongs into the model."]
def build_model():
    """Return an untrained Keras model from raw (48, 48, 1) films to one probability, at most 100,000 parameters."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((48, 48, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.LayerNormalization(axis=[1, 2, 3], center=False, scale=False),
            keras.layers.Conv2D(16, 5, strides=2, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Conv2D(32, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dropout(0.5),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    ### END SOLUTION


# The name that the checks look for: model
### BEGIN SOLUTION
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="binary_crossentropy")
model.fit(x_train[..., None], y_train, epochs=14, batch_size=32, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = None  # Your code here
### END STARTER

# %% id="half" role="setup"
if model is not None:
    _p = model.predict(x_valid[..., None], verbose=0)[:, 0]
    print(f"one border at 0.5: accuracy {((_p >= 0.5) == y_valid).mean():.3f}, and {(_p[y_valid == 1] < 0.5).sum()} of {y_valid.sum()} findings of the validation films are cleared")

# %% id="model-shape" role="check" points=1 title="From a raw film to one probability, within the budget"
fresh_ = build_model()
same(fresh_.input_shape, (None, 48, 48, 1), "A film that goes in is (48, 48, 1).")
same(fresh_.output_shape, (None, 1), "What comes out is one probability for each film.")
parameters_ = whole(fresh_.count_params())
assert parameters_ <= 100_000, f"The budget is 100,000 parameters. Your model has {parameters_:,}."
assert '"class_name": "Conv2D"' in text(fresh_.to_json()), "There is no Conv2D layer in the model."

# %% id="learned" role="check" points=1 title="Findings come before healthy films"
p_ = array(model.predict(array(x_valid, (400, 48, 48))[..., None], verbose=0), (400, 1), message="400 films have 400 probabilities.")[:, 0]
assert 0 <= p_.min() and p_.max() <= 1, f"A probability lies between 0 and 1. Yours go from {p_.min():.2f} to {p_.max():.2f}."
truth_ = array(y_valid, (400,)) == 1
share_ = float((p_[truth_][:, None] > p_[~truth_]).mean())
assert share_ >= 0.85, f"Take a film with a finding and a healthy one: the first should get the larger number nearly always. On validation films it does in {share_:.0%} of the pairs; 85 % is the least."

# %% id="examiners-films" role="examiner"
import json

with np.load(held_out("chest-simulated", "test.npz")) as file_:
    hidden_films_, hidden_findings_, hidden_sites_ = file_["films"], file_["labels"].astype("int64"), file_["sites"]
with np.load(public("chest-simulated", "train.npz")) as file_:
    valid_films_, valid_findings_ = file_["films"][1200:1600], file_["labels"][1200:1600].astype("int64")
    audit_films_, audit_findings_, audit_sites_ = file_["films"][1600:], file_["labels"][1600:].astype("int64"), file_["sites"][1600:]


network_ = None


def says_(films):
    """Return what the learner's network, built again here, says of raw films."""
    global network_
    network_ = network_ or rebuild("model")
    said_ = array(network_.predict(films[..., None], verbose=0, batch_size=250), (len(films), 1))[:, 0].astype(float)
    assert 0 <= said_.min() and said_.max() <= 1
    return said_


def bends_(network):
    """Return how often something other than linear or softmax is applied in a network that was built here."""
    count_, parts_ = 0, [json.loads(text(network.to_json()))]
    while parts_:
        part_ = parts_.pop()
        if isinstance(part_, dict):
            kinds_ = {str(part_.get("class_name")).lower()} & {"relu", "leakyrelu", "prelu", "elu", "gelu", "silu", "tanh", "sigmoid", "softplus"}
            count_ += bool(kinds_) or bool({str(part_.get("activation", "linear"))} - {"linear", "softmax"})
        parts_ += list(part_.values()) if isinstance(part_, dict) else part_ if isinstance(part_, list) else []
    return count_


def softened_(p, temperature):
    """Return the probabilities with their scores divided by the temperature."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return 1 / (1 + np.exp(-np.log(p / (1 - p)) / temperature))


def best_temperature_(p, y):
    """Return the temperature of the grid with the lowest mean cross-entropy."""
    p, y, grid_, losses_ = array(p), array(y), np.geomspace(0.2, 10, 200), []
    for candidate_ in grid_:
        q_ = array(softened_(p, candidate_))
        losses_.append(-np.log(np.clip(np.where(y == 1, q_, 1 - q_), 1e-12, 1)).mean())
    return float(grid_[int(np.argmin(losses_))])


def best_borders_(p, y, budget, precision):
    """Return (low, high) for the longest good head and the budget behind it."""
    row_ = sorted(zip(p.tolist(), y.tolist()), reverse=True)
    found_, marked_ = 0, 0
    for head_, (_, finding_) in enumerate(row_, start=1):
        found_ += finding_
        marked_ = head_ if found_ / head_ >= precision else marked_
    seen_ = min(len(row_), marked_ + int(budget * len(row_)))
    return row_[seen_ - 1][0] if seen_ else np.inf, row_[marked_ - 1][0] if marked_ else np.inf


def binned_error_(p, y):
    """Return the expected calibration error with ten bins."""
    p, y = array(p), array(y)
    bins_ = np.minimum((p * 10).astype(int), 9)
    return float(sum(abs((p[bins_ == bin_] - y[bins_ == bin_]).sum()) for bin_ in range(10)) / len(p))


def count_(answers, findings):
    """Return caught, precision (0 where nothing is marked) and referred."""
    answers, findings = array(answers, kind="text"), array(findings)
    marked_ = answers == "mark"
    return float((answers[findings == 1] != "clear").mean()), float(findings[marked_].mean()) if marked_.any() else 0.0, float((answers == "refer").mean())


def words_(p, low, high):
    """Return the answer for each probability."""
    return np.where(p >= high, "mark", np.where(p >= low, "refer", "clear"))


def sort_():
    """Return what the learner's machine answers for the hidden films, computed here from the learner's network, temperature and borders. Fails the check where these, or what triage says of the audit films, do not follow from one another."""
    warmth_ = number(temperature, 0.2, 10)
    borders_ = best_borders_(softened_(says_(valid_films_), warmth_), valid_findings_, 0.2, 0.8)
    close((low, high), borders_, "The borders are those of the validation films.", atol=1e-4)
    hidden_, audit_ = (words_(softened_(says_(films_), warmth_), *borders_) for films_ in (hidden_films_, audit_films_))
    answers_ = array(triage(audit_films_), (len(audit_films_),), "text")
    assert (answers_ != audit_).mean() <= 0.01
    return hidden_

# %% id="network-fresh" role="check" hidden=true points=2 required=true requires=["train"] title="The network itself finds findings in films that you have not seen" feedback="We built your model, and a new one of build_model, again from layers and weights. Both must be the same network of at most 100,000 parameters, with a Conv2D and with activations that are not linear; the new one must be untrained. And of a film with a finding and a healthy one among 1,000 hidden films, yours must give the first the larger probability in at least 93 of 100 cases; an untrained network manages about 50."
fresh_, trained_ = rebuild(build_model()), rebuild("model")
same([list(array_.shape) for array_ in trained_.get_weights()], [list(array_.shape) for array_ in fresh_.get_weights()])
same([fresh_.input_shape, fresh_.output_shape], [(None, 48, 48, 1), (None, 1)])
report_metric("parameters", fresh_.count_params(), threshold=100_000, better="lower")
assert fresh_.count_params() <= 100_000 and bends_(fresh_) >= 2 and bends_(trained_) >= 2
assert '"class_name": "Conv2D"' in text(fresh_.to_json())
new_ = array(fresh_.predict(valid_films_[:100, ..., None], verbose=0), (100, 1))
differ(new_, array(trained_.predict(valid_films_[:100, ..., None], verbose=0), (100, 1)))
assert float(np.ptp(new_)) > 1e-4 and float(np.abs(new_ - 0.5).mean()) < 0.4
p_ = says_(hidden_films_)
pairs_ = p_[hidden_findings_ == 1][:, None] - p_[hidden_findings_ == 0]
assert float((pairs_ > 0).mean() + (pairs_ == 0).mean() / 2) >= 0.93

# %% [markdown] id="temperature-text"
# ## Step 4 · Honest probabilities
#
# `find_temperature` returns the temperature of `np.geomspace(0.2, 10, 200)` with the lowest mean cross-entropy of the softened probabilities: the mean of −ln *q*, where *q* is the probability that was given to what is true
# (`soften` stands in the second cell). Keep the one of `model` on the **validation films** as `temperature`. Then write `probability`: raw films in, honest probabilities out, that is what `model` says, softened with `temperature`.

# %% id="temperature" role="solution" hints=["For one temperature: what does the softened probability say about a film with a finding, and what about a healthy one?", "np.where picks, film by film, the softened probability or one minus it. The mean of minus its logarithm is the loss of this temperature.", "Keep the losses of all candidates in a list and take the candidate at np.argmin. Accuracy is no help here: a temperature never moves a film across one half. In probability, films need their last axis, and predict returns a column."]
def find_temperature(probabilities, findings):
    """Return the temperature out of np.geomspace(0.2, 10, 200) with the lowest mean cross-entropy, as a float."""
    ### BEGIN SOLUTION
    candidates = np.geomspace(0.2, 10, 200)
    losses = []
    for candidate in candidates:
        q = soften(probabilities, candidate)
        losses.append(-np.log(np.clip(np.where(np.asarray(findings) == 1, q, 1 - q), 1e-12, 1)).mean())
    return float(candidates[np.argmin(losses)])
    ### END SOLUTION


# The names that the checks look for: temperature, probability
### BEGIN SOLUTION
temperature = find_temperature(model.predict(x_valid[..., None], verbose=0)[:, 0], y_valid)


def probability(films):
    """Return the calibrated probability of a finding, float (n,), for raw uint8 (n, 48, 48) films."""
    return soften(model.predict(films[..., None], verbose=0, batch_size=250)[:, 0], temperature)
### END SOLUTION
### BEGIN STARTER
# temperature = None  # Your code here
#
#
# def probability(films):
#     """Return the calibrated probability of a finding, float (n,), for raw uint8 (n, 48, 48) films."""
#     raise NotImplementedError
### END STARTER

# %% id="temperature-by-hand" role="check" points=1 title="Twice too sure, and three times too timid"
honest_ = np.repeat([0.1, 0.3, 0.7, 0.9], 100)
y_ = np.concatenate([np.arange(100) < share_ for share_ in (10, 30, 70, 90)]).astype(int)
for factor_ in (2, 1 / 3):
    given_ = 1 / (1 + ((1 - honest_) / honest_) ** factor_)
    close(find_temperature(given_, y_), factor_, f"These scores are {factor_:.2f} times what would be honest, so the temperature is about {factor_:.2f}.", rtol=0.03)
p_ = array(probability(array(x_valid, (400, 48, 48))[:6]), 6, message="Six films have six probabilities.")

# %% id="temperature-fresh" role="check" hidden=true points=1 required=true title="The temperature of other networks" feedback="On random probabilities your temperature differed from ours. Lowest mean cross-entropy over np.geomspace(0.2, 10, 200); the probability of what is true is p for a finding and 1 − p for a healthy film."
for _ in range(4):
    honest_ = rng.beta(0.8, 1.6, 1500)
    y_ = (rng.random(1500) < honest_).astype(int)
    given_ = 1 / (1 + ((1 - honest_) / honest_) ** rng.uniform(0.5, 3))
    close(find_temperature(given_, y_), best_temperature_(given_, y_), rtol=0.025)

# %% id="honest" role="check" hidden=true points=3 required=true title="Calibration error on 1,000 films that you have not seen" feedback="We built your network again, took the temperature of its probabilities of the 400 validation films, and compared it with your temperature, and your function probability with what follows from both. One differed; or the calibration error of these probabilities on 1,000 hidden films was above 0.08. Is the temperature found on the validation films, of the network as it is now, and is it applied?"
warmth_ = number(temperature, 0.2, 10)
close(warmth_, best_temperature_(says_(valid_films_), valid_findings_), rtol=0.025)
close(probability(audit_films_[:200]), softened_(says_(audit_films_[:200]), warmth_), atol=1e-3)
error_ = binned_error_(softened_(says_(hidden_films_), warmth_), hidden_findings_)
report_metric("held-out calibration error", error_, threshold=0.08, better="lower")
assert error_ <= 0.08

# %% [markdown] id="borders-text"
# ## Step 5 · Two borders under a budget
#
# Sort the films from the most to the least suspicious. **Marked** is the longest head of this row in which at least the share `precision` has a finding (it may dip below on the way). **Referred** are the next `budget` times *all* films,
# rounded down, or as many as are left. Return `(low, high)`: `high` is the probability of the last marked film, `low` that of the last film that is not cleared. Where nothing is marked, `high` is infinite, `np.inf`; where everything is
# cleared, so is `low`.

# %% id="borders" role="solution" hints=["How many films are marked? How many are marked or referred? The borders are then the probabilities at two places of the sorted row.", "np.argsort of minus the probabilities puts the most suspicious first. np.cumsum of the sorted findings, divided by 1, 2, 3 …, is the precision of every head.", "np.flatnonzero gives all head lengths that are good enough; the last one counts, not the first that fails. Add the whole part of budget times len(probabilities), and do not go beyond the end."]
def choose_borders(probabilities, findings, budget, precision=0.8):
    """Return (low, high): below low a film is cleared, from high on it is marked, between them it is referred."""
    ### BEGIN SOLUTION
    p = np.asarray(probabilities, float)
    order = np.argsort(-p)
    shares = np.cumsum(np.asarray(findings)[order]) / np.arange(1, len(p) + 1)
    good = np.flatnonzero(shares >= precision)
    marked = int(good[-1]) + 1 if len(good) else 0
    seen = min(len(p), marked + int(budget * len(p)))
    high = p[order[marked - 1]] if marked else np.inf
    low = p[order[seen - 1]] if seen else np.inf
    return float(low), float(high)
    ### END SOLUTION

# %% id="borders-by-hand" role="check" points=2 title="Ten films, sorted by hand"
p_ = np.array([0.20, 0.95, 0.60, 0.90, 0.10, 0.80, 0.70, 0.50, 0.40, 0.30])
y_ = np.array([0, 0, 1, 1, 0, 1, 1, 0, 1, 0])  # from the top: 0 1 1 1 1 0 1 0 0 0
for budget_, precision_, wanted_ in ((0.2, 0.8, (0.40, 0.60)), (0.4, 0.8, (0.20, 0.60)), (0.0, 0.7, (0.40, 0.40)), (1.0, 0.8, (0.10, 0.60)), (0.3, 0.9, (0.80, np.inf))):
    came_ = array(choose_borders(p_, y_, budget_, precision_), 2, message="Two borders: (low, high).", finite=False)
    words_of_it_ = f"From the top the findings are 0 1 1 1 1 0 1 0 0 0. With a budget of {budget_} and a precision of {precision_} the borders are {wanted_}."
    same(came_.astype(float).round(6), np.array(wanted_), words_of_it_)

# %% id="borders-fresh" role="check" hidden=true points=2 required=true title="The borders of other piles" feedback="On random piles, also with a precision that no head reaches and with a budget that covers everything, your borders differed from ours. The longest good head is marked, even if a shorter one was not good; the budget is a share of all films."
for case_ in range(16):
    films_ = int(rng.choice([20, 50, 100]))
    p_ = rng.permutation(np.linspace(0.01, 0.99, films_)).round(6)
    y_ = (rng.random(films_) < p_ * rng.uniform(0.3, 1.2)).astype(int) if case_ % 4 else np.zeros(films_, int)
    budget_, precision_ = float(rng.choice([0.0, 0.1, 0.2, 0.5, 1.0])), float(rng.choice([0.5, 0.8, 0.9]))
    came_ = array(choose_borders(p_, y_, budget_, precision_), 2, finite=False).astype(float)
    same(came_.round(6), np.array(best_borders_(p_, y_, budget_, precision_)).round(6))

# %% [markdown] id="triage-text"
# ## Step 6 · The machine with three answers
#
# `triage` gets raw films (n, 48, 48) and returns an array (n,) of the words `clear`, `refer` and `mark`. Its borders `low` and `high` are chosen **once**, outside, from the honest probabilities of the **validation films**, with a budget of
# 0.2 (`BUDGET`) and a precision of 0.8. What it says about a film must not depend on the others that are asked about at the same time: tomorrow the pile is another one.

# %% id="triage" role="solution" hints=["What is decided once, and what for each film?", "Take the honest probabilities of the validation films for choose_borders. Inside the function compare those of the new films with the two borders.", "np.where inside np.where gives three words. From high on is >=, below low is <."]
# The names that the checks look for: low, high, triage
### BEGIN SOLUTION
low, high = choose_borders(probability(x_valid), y_valid, BUDGET)


def triage(films):
    """Return an array (n,) of "clear", "refer" and "mark" for raw uint8 (n, 48, 48) films."""
    p = probability(films)
    return np.where(p >= high, "mark", np.where(p >= low, "refer", "clear"))
### END SOLUTION
### BEGIN STARTER
# low = high = None  # Your code here
#
#
# def triage(films):
#     """Return an array (n,) of "clear", "refer" and "mark" for raw uint8 (n, 48, 48) films."""
#     raise NotImplementedError
### END STARTER

# %% id="table" role="setup"
try:
    for _name, _x, _y in (("training", x_train, y_train), ("validation", x_valid, y_valid), ("audit", x_audit, y_audit)):
        print(f"{_name:<11}" + "  ".join(f"{_error} {_value:.3f}" for _error, _value in name_errors(triage(_x), _y).items()))
except NotImplementedError:
    print("A step before this one is still empty.")

# %% id="contract" role="check" points=2 title="One of three words for each film, whatever else is in the pile"
audit_ = array(x_audit, (400, 48, 48))[:60]
answers_ = array(triage(audit_), 60, "text", "Sixty films have sixty answers.")
for word_ in answers_.tolist():
    member(word_, ("clear", "refer", "mark"), "The words are clear, refer and mark.")
for row_ in [int(row_) for word_ in sorted(set(answers_.tolist())) for row_ in np.flatnonzero(answers_ == word_)[:2]]:
    same(triage(audit_[row_ : row_ + 1]), [str(answers_[row_])], f"Film {row_} of the audit films gets one answer in a pile of sixty and another one alone.")
same(triage(audit_[::-1]), answers_[::-1], "The same films in another order got other answers.")

# %% id="public-films" role="examiner" before_hidden=true
# Public films are asked for and shown before anything of the learner's has seen a hidden one.
with np.load(public("chest-simulated", "train.npz")) as file_:
    films_, findings_ = file_["films"][1600:], file_["labels"][1600:].astype("int64")
shown_ = array(triage(films_), (len(films_),), "text")
chances_ = array(rebuild("model").predict(films_[..., None], verbose=0, batch_size=250), (len(films_), 1))[:, 0]
report_examples(
    films_,
    np.where(findings_ == 1, "finding", "healthy").tolist(),
    shown_.tolist(),
    wrongness=np.where(shown_ == "refer", 0, np.abs(findings_ - chances_)),
    title="Audit films (SIMULATED) that it was most wrong about",
    check="caught",
)

# %% id="within-budget" role="check" hidden=true points=2 required=true title="She is asked for no more than her time allows" feedback="We computed the borders from your network's honest probabilities of the validation films, with a budget of 0.2 and a precision of 0.8, and compared them with your low and high, and the answers of triage for the audit films with what follows from them. One differed; or of 1,000 hidden films more than 0.25 were referred, or none at all. On training films the machine is surer than on others: borders from there say nothing about her day."
answers_ = sort_()
caught_, precision_, referred_ = count_(answers_, hidden_findings_)
report_metric("referred", referred_, threshold=0.25, better="lower")
assert 0 < referred_ <= 0.25

# %% id="caught" role="check" hidden=true points=4 required=true title="Findings caught among 1,000 films that you have not seen" feedback="Your machine sorted 1,000 hidden films. Fewer than 0.94 of the findings were marked or referred; or more than 0.25 of the films were referred, or fewer than 0.7 of the marked ones had a finding; or low, high and triage are not what follows from your network, your temperature and the validation films. One border at 0.5 catches 0.74 to 0.90, depending on the seed."
answers_ = sort_()
caught_, precision_, referred_ = count_(answers_, hidden_findings_)
report_metric("findings caught", caught_, threshold=0.94)
report_metric("precision of marked films", precision_, threshold=0.7)
vocabulary_ = ["clear", "refer", "mark"]
report_confusion(
    hidden_findings_ * 2,
    np.array([vocabulary_.index(answer_) for answer_ in answers_]),
    labels=["healthy, cleared", "referred", "finding, marked"],
    title="What was there (rows) and what your machine answered (columns), on 1,000 hidden SIMULATED films",
)
ill_ = hidden_findings_ == 1
names_ = np.where(hidden_sites_ == 1, "site B", "site A")
report_slices(answers_[ill_] != "clear", names_[ill_], metric="caught", title="Findings caught, by site")
report_slices(answers_ == "refer", names_, metric="referred", better="lower", title="Films referred, by site")
assert referred_ <= 0.25 and precision_ >= 0.7
assert caught_ >= 0.94

# %% [markdown] id="card-text"
# ## Step 7 · A card that somebody else can check
#
# Write a model card, as a dict. The three texts have at least 30 letters each, and the first one says that the films are SIMULATED:
#
# - `data`: which films, how many, for what; `meant for`; `not for`;
# - `caught`, `precision`, `referred` and `calibration error`, as floats, measured on the **audit films** with your `triage` and `probability`;
# - `caught at A` and `caught at B`: the same for each site alone. An average is a promise to nobody in particular.
#
# The examiner measures all six numbers again; they may differ by 0.005.

# %% id="card" role="solution" hints=["Which functions of yours give the four numbers, and on which films have you chosen nothing?", "name_errors of the triage of the audit films gives three of them. A mask over site_audit selects the films of one site, and the findings with it.", "A dict can take another one in with two stars. For each site call name_errors on the answers and findings under the mask, and keep what it says under caught."]
# The name that the checks look for: card
### BEGIN SOLUTION
answers = triage(x_audit)
card = {
    "data": "SIMULATED chest films: 1,200 to train, 400 to choose temperature and borders, 400 others to measure",
    "meant for": "Exercises on deciding with a human in the loop, on films of chest-simulated",
    "not for": "Films of people, other machines, other shares of findings, or any decision without a person",
    **name_errors(answers, y_audit),
    "calibration error": calibration_error(probability(x_audit), y_audit),
    "caught at A": name_errors(answers[site_audit == 0], y_audit[site_audit == 0])["caught"],
    "caught at B": name_errors(answers[site_audit == 1], y_audit[site_audit == 1])["caught"],
}
### END SOLUTION
### BEGIN STARTER
# card = None  # Your code here
### END STARTER

# %% id="card-fields" role="check" points=1 title="Nothing is missing on the card"
fields_ = ("caught", "precision", "referred", "calibration error", "caught at A", "caught at B")
card_ = mapping(card, ("data", "meant for", "not for", *fields_), "The card is a dict.", more=True)
text(card_["data"], "The card must say under 'data', in at least 30 letters, that the films are SIMULATED.", least=30, contains="SIMULATED")
for field_ in ("meant for", "not for"):
    text(card_[field_], f"The card needs a text of at least 30 letters under {field_!r}.", least=30)
for field_ in fields_:
    number(card_[field_], 0, 1, f"The card needs a number under {field_!r}.")

# %% id="card-true" role="check" hidden=true points=3 required=true title="The numbers on the card are true" feedback="We let your triage and your probability answer for the 400 audit films and measured all six numbers ourselves. One on your card differs by more than 0.005. Were they measured on the audit films, all of them, and after the last change?"
card_ = mapping(card, (), more=True)
answers_ = array(triage(audit_films_), (len(audit_films_),), "text")
wanted_ = dict(zip(("caught", "precision", "referred"), count_(answers_, audit_findings_)))
wanted_["calibration error"] = binned_error_(array(probability(audit_films_), (len(audit_films_),)), audit_findings_)
for site_, name_ in enumerate(("caught at A", "caught at B")):
    wanted_[name_] = count_(answers_[audit_sites_ == site_], audit_findings_[audit_sites_ == site_])[0]
off_ = max(abs(number(card_[field_]) - value_) for field_, value_ in wanted_.items())
report_metric("largest error of a number on the card", off_, threshold=0.005, better="lower")
assert off_ <= 0.005

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **Borders for each site.** Choose `low` and `high` for A and B alone, with the same budget in all. Does B catch more? Does A less? Who should decide that?
# 2. **A rarer illness.** Keep only every fifth film with a finding in the audit films. Which of the six numbers change, and which do not? Are the probabilities still honest?
# 3. **Next year.** Make the audit films a tenth darker, `(x_audit * 0.9).astype("uint8")`. Watch the referred share and what is caught: would she have noticed without labels?
