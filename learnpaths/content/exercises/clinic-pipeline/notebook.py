# %% [markdown] id="story"
# # Patients on one side only
#
# A sleep clinic measures breathing all night: many rows, few patients. A model that has seen one hour of a patient recognises the next hour, so a split by
# rows tests its memory. You will prepare the table so that **each patient is on one side only**, and so that nothing of the test side reaches the training side.
#
# **Metric.** A hidden check prepares a table twice. The second time every row of the test patients is a million times larger. The training rows
# may change by at most **0.000001** standard deviations.
#
# **Data card.** SIMULATED: 40 patients with 5 to 20 rows of 3 measurements each, from a random generator with a fixed seed, sorted by patient.
#
# **Limits.** 60 seconds of CPU time. TensorFlow 2.21. You need 80 % of the points.

# %% id="imports" role="setup"
import numpy as np
import tensorflow as tf

# %% id="data" role="setup"
_generator = np.random.default_rng(826)
patients = np.repeat(np.arange(100, 140), _generator.integers(5, 21, 40))
measurements = (_generator.normal(0, 1, (len(patients), 3)) * [1, 50, 0.01] + patients[:, None] % 7).astype("float32")
print("rows:", len(patients), " patients:", len(np.unique(patients)))

# %% [markdown] id="split-text"
# ## Step 1 · Split the patients
#
# `split(patients, share, seed)` gets the patient of each row. It draws `round(share · number of patients)` patients for the test side and returns two arrays of
# **row numbers**, training first, in any order. The same seed gives the same split.

# %% id="split" role="solution" hints=["What is drawn at random here: rows or patients?", "np.unique gives each patient once; a generator's permutation mixes them; np.isin tells which rows belong to the chosen ones."]
def split(patients, share, seed):
    """Return (training rows, test rows), two integer arrays; every patient is on one side only."""
    ### BEGIN SOLUTION
    everyone = np.unique(patients)
    mixed = np.random.default_rng(seed).permutation(everyone)
    chosen = mixed[: round(share * len(everyone))]
    is_test = np.isin(patients, chosen)
    return np.flatnonzero(~is_test), np.flatnonzero(is_test)
    ### END SOLUTION

# %% id="one-side" role="check" points=3 title="No patient on both sides, no row lost"
train_, test_ = (np.asarray(part_) for part_ in split(patients, 0.25, 1))
assert sorted([*train_.tolist(), *test_.tolist()]) == list(range(len(patients))), "Each row must be on exactly one side."
both_ = set(patients[train_].tolist()) & set(patients[test_].tolist())
assert not both_, f"{len(both_)} patients are on both sides, for example {min(both_)}."

# %% id="share-of-patients" role="check" points=2 title="A quarter of the patients, drawn anew for each seed"
sets_ = [tuple(sorted(set(patients[np.asarray(split(patients, 0.25, seed_)[1])].tolist()))) for seed_ in (1, 1, 2)]
assert len(sets_[0]) == 10, f"A quarter of 40 patients are 10. On the test side there are {len(sets_[0])}."
assert sets_[0] == sets_[1] and sets_[0] != sets_[2], "The same seed must draw the same patients, another seed others."

# %% [markdown] id="prepare-text"
# ## Step 2 · Scale, shuffle, batch
#
# `prepare(rows, patients, share, seed)` returns `(training, test)`, two `tf.data.Dataset`s of pairs (scaled rows, patients) in batches of 16. Both sides are scaled with mean and
# standard deviation **of the training rows** (no column is constant). The training side is shuffled over all its rows, anew in each epoch; the test side keeps its
# order. No row is dropped.

# %% id="prepare" role="solution" hints=["Which rows may the mean be computed from, and when do you know them?", "from_tensor_slices takes a pair of arrays. Which comes first, shuffle or batch, and how large must the buffer be?", "Use your split first, then the statistics of the training rows for both sides. prefetch comes last and changes nothing that is delivered."]
def prepare(rows, patients, share, seed):
    """Return (training, test): datasets of (rows scaled by training statistics, patients), batches of 16."""
    ### BEGIN SOLUTION
    train, test = split(patients, share, seed)
    mean, spread = rows[train].mean(axis=0), rows[train].std(axis=0)
    scaled = (rows - mean) / spread
    training = tf.data.Dataset.from_tensor_slices((scaled[train], patients[train])).shuffle(len(train), seed=seed).batch(16)
    testing = tf.data.Dataset.from_tensor_slices((scaled[test], patients[test])).batch(16)
    return training.prefetch(1), testing.prefetch(1)
    ### END SOLUTION

# %% id="bench" role="setup"
def delivered(dataset):
    """Return what a dataset delivers, as (rows, patients, sizes of the batches)."""
    batches = [(x.numpy(), p.numpy()) for x, p in dataset]
    return np.concatenate([x for x, _ in batches]), np.concatenate([p for _, p in batches]), [len(p) for _, p in batches]


def both_sides(rows, patients, share, seed):
    """Return what `prepare` delivers on the training and on the test side, and the training side a second time."""
    training, test = prepare(rows, patients, share, seed)
    return delivered(training), delivered(test), delivered(training)

# %% id="all-rows" role="check" points=2 title="Every row comes, also the short last batch"
training_, test_, _again_ = both_sides(measurements, patients, 0.25, 3)
assert len(training_[0]) + len(test_[0]) == len(patients), f"{len(patients)} rows went in, {len(training_[0]) + len(test_[0])} came out."
assert max(training_[2]) == 16 and max(test_[2]) == 16, "Batches have 16 rows, but for the last one."

# %% id="mixed-batches" role="check" points=3 title="Neighbours are parted, in another order each epoch"
training_, test_, again_ = both_sides(measurements, patients, 0.25, 3)
together_ = float((np.diff(training_[1]) == 0).mean())
assert together_ < 0.25, f"{together_:.0%} of the rows are followed by a row of the same patient. Is every single row shuffled?"
assert training_[1].tolist() != again_[1].tolist(), "The second epoch came in the same order as the first."
assert (np.diff(test_[1]) >= 0).all(), "The test side must keep its order."

# %% id="other-clinic" role="examiner"
people_ = np.repeat(rng.permutation(np.arange(500, 530)), rng.integers(3, 30, 30))
table_ = rng.normal(rng.uniform(-5, 5, 4), rng.uniform(0.1, 100, 4), (len(people_), 4)).astype("float32")
number_ = int(rng.integers(1, 10**6))

# %% id="fresh-clinic" role="check" hidden=true points=3 title="Another clinic, still no patient on both sides" feedback="We let your functions prepare the table of another clinic, whose patients do not come in order. A patient was on both sides, a row was missing, or the number of patients on the test side was not the share." requires=["split", "prepare"]
training_, test_, _again_ = both_sides(table_, people_, 0.2, number_)
assert not set(training_[1].tolist()) & set(test_[1].tolist())
assert len(set(test_[1].tolist())) == 6 and len(training_[0]) + len(test_[0]) == len(people_)

# %% id="silent-test" role="check" hidden=true points=4 required=true title="The training side does not hear the test side" feedback="We prepared a table twice, the second time with the rows of the test patients a million times larger. The training rows changed: something that you compute from them uses test rows too." requires=["split", "prepare"]
training_, test_, _again_ = both_sides(table_, people_, 0.2, number_)
loud_ = np.where(np.isin(people_, np.unique(test_[1]))[:, None], table_ * np.float32(1e6), table_)
louder_, _test_, _again_ = both_sides(loud_, people_, 0.2, number_)
first_, second_ = (np.sort(side_[0], axis=0) for side_ in (training_, louder_))
change_ = float(np.abs(first_ - second_).max()) if first_.shape == second_.shape else 1e9
report_metric("largest change of a training row, in standard deviations", change_, threshold=0.000001, better="lower")
assert change_ <= 0.000001
