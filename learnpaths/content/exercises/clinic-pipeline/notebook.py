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
# **Limits.** 60 seconds of CPU time. TensorFlow 2.21. To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*.

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
patients_ = array(patients, None, "integer")
train_, test_ = (array(part_, None, "integer", "split returns two arrays of row numbers.") for part_ in sequence(split(patients_, 0.25, 1), 2))
same_members([*train_.tolist(), *test_.tolist()], range(len(patients_)), "Each row must be on exactly one side.")
both_ = set(patients_[train_].tolist()) & set(patients_[test_].tolist())
assert not both_, f"{len(both_)} patients are on both sides, for example {min(both_)}."

# %% id="share-of-patients" role="check" points=2 title="A quarter of the patients, drawn anew for each seed"
patients_ = array(patients, None, "integer")
sets_ = [tuple(sorted(set(patients_[array(sequence(split(patients_, 0.25, seed_), 2)[1], None, "integer")].tolist()))) for seed_ in (1, 1, 2)]
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
training_, test_, _again_ = sequence(both_sides(measurements, patients, 0.25, 3), 3)
assert len(training_[0]) + len(test_[0]) == len(patients), f"{len(patients)} rows went in, {len(training_[0]) + len(test_[0])} came out."
for side_ in (training_, test_):
    sizes_ = array(side_[2], None, "integer")
    same(sizes_[:-1], np.full(len(sizes_) - 1, 16), "Batches have 16 rows, but for the last one.")
    assert 1 <= sizes_[-1] <= 16, f"The last batch has {sizes_[-1]} rows."

# %% id="mixed-batches" role="check" points=3 title="Neighbours are parted, in another order each epoch"
training_, test_, again_ = sequence(both_sides(measurements, patients, 0.25, 3), 3)
order_ = array(training_[1], None, "integer")
together_ = float((np.diff(order_) == 0).mean())
assert together_ < 0.25, f"{together_:.0%} of the rows are followed by a row of the same patient. Is every single row shuffled?"
differ(order_, again_[1], "The second epoch came in the same order as the first.")
every(np.diff(array(test_[1], None, "integer")) >= 0, "The test side must keep its order.")

# %% id="other-clinic" role="examiner"
people_ = np.repeat(rng.permutation(np.arange(500, 530)), rng.integers(3, 30, 30))
table_ = rng.normal(rng.uniform(-5, 5, 4), rng.uniform(0.1, 100, 4), (len(people_), 4)).astype("float32")
number_ = int(rng.integers(1, 10**6))

# %% id="fresh-split" role="check" hidden=true required=true points=2 title="Another clinic, still no patient on both sides" feedback="We let your split divide the rows of another clinic, whose patients do not come in order, with shares of 0.1 to 0.5. A patient was on both sides, a row was missing, the number of patients on the test side was not the share, or the seed does not decide who is drawn." requires=["split"]
drawn_ = []
for share_ in (0.1, 0.2, 0.5, 0.5):
    train_, test_ = (array(part_, None, "integer") for part_ in sequence(split(people_, share_, number_), 2))
    same_members([*train_.tolist(), *test_.tolist()], range(len(people_)))
    assert not set(people_[train_].tolist()) & set(people_[test_].tolist())
    assert len(set(people_[test_].tolist())) == round(share_ * 30)
    drawn_.append(sorted(set(people_[test_].tolist())))
assert drawn_[2] == drawn_[3]
other_ = array(sequence(split(people_, 0.5, number_ + 1), 2)[1], None, "integer")
assert sorted(set(people_[other_].tolist())) != drawn_[3]

# %% id="fresh-clinic" role="check" hidden=true required=true points=3 title="What is delivered, number for number" feedback="We let your functions prepare the table of another clinic and computed every row ourselves. Each row must come once in an epoch, with its own patient, scaled with the mean and the standard deviation of the training rows, on both sides; batches have 16 rows; the test side keeps its order, and each epoch of the training side has a new one." requires=["prepare"]
training_, test_, again_ = sequence(both_sides(table_, people_, 0.2, number_), 3)
tested_ = np.isin(people_, array(test_[1], None, "integer"))
learnt_ = table_[~tested_].astype(float)
wanted_ = (table_.astype(float) - learnt_.mean(axis=0)) / learnt_.std(axis=0)
assert len(set(people_[tested_].tolist())) == 6
same(test_[1], people_[tested_])
close(test_[0], wanted_[tested_], atol=1e-3, rtol=1e-3)
for came_ in (training_, again_):
    rows_, of_ = array(came_[0], learnt_.shape), array(came_[1], len(learnt_), "integer")
    same_members(of_, people_[~tested_].tolist())
    for person_ in sorted(set(people_[~tested_].tolist())):
        close(np.sort(rows_[of_ == person_], axis=0), np.sort(wanted_[people_ == person_], axis=0), atol=1e-3, rtol=1e-3)
differ(training_[0], again_[0])
assert (np.diff(array(training_[1], len(learnt_), "integer")) == 0).mean() < 0.4

# %% id="silent-test" role="check" hidden=true points=4 required=true title="The training side does not hear the test side" feedback="We prepared a table twice, the second time with the rows of the test patients a million times larger. The training rows changed: something that you compute from them uses test rows too." requires=["prepare"]
training_, test_, _again_ = sequence(both_sides(table_, people_, 0.2, number_), 3)
tested_ = np.isin(people_, array(test_[1], None, "integer"))
assert len(set(people_[tested_].tolist())) == 6
loud_ = np.where(tested_[:, None], table_ * np.float32(1e6), table_)
louder_ = sequence(both_sides(loud_, people_, 0.2, number_), 3)[0]
first_, second_ = (np.sort(array(side_[0], ((~tested_).sum().item(), 4)), axis=0) for side_ in (training_, louder_))
close(first_.std(axis=0), np.ones(4), rtol=0.01)
change_ = float(np.abs(first_ - second_).max())
report_metric("largest change of a training row, in standard deviations", change_, threshold=0.000001, better="lower")
assert change_ <= 0.000001
