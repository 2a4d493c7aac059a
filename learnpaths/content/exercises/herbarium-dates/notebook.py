# %% [markdown] id="story"
# # Two ways to write a day
#
# In a herbarium every sheet has a label, and every label has a day on it, as the collector wrote it: `7 mar 87`. The catalogue wants six digits, `870307`. Old catalogues have only the digits, and new labels are to be printed from them. One small network shall do both, text in and text out: the first token says which is wanted.
# And since a person looks at what it is not sure of, it must say **how sure** it is of each answer.
#
# **Metric.** Exact answers, every token and the end, on **600 days that you have not seen**, in the worse one of the two directions: at least **0.45**.
#
# **Data card.** SIMULATED: days drawn at random in the notebook, from 1 to 31 in any month (31 feb is among them, as on real labels), years 00 to 99; the examiner draws others. There are 37,200 such days and you get 6,000 rows. Real labels have Roman numerals, smudges and Latin.
#
# **Limits.** 90 seconds of CPU time; about ten are enough. TensorFlow 2.21 and Keras 3. To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)

# %% [markdown] id="data-text"
# ## The tokens
# 27 tokens: 0 is padding, 1 opens an answer, 2 ends it, 3 to 12 are the digits 0 to 9, 13 is `label:`, 14 is `digits:`, 15 to 26 are the months. Rows are seven long, with 0 behind the end. A label writes the day without a leading nought, so it has four or five tokens.

# %% id="data" role="setup"
PAD, START, END, LABEL, DIGITS = 0, 1, 2, 13, 14
ZERO, JANUARY, TOKENS, LENGTH = 3, 15, 27, 7
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def draw_days(count, generator):
    """Return source and target, int32 (count, 7): by turns a label wanted from digits, and digits wanted from a label."""
    source, target = np.zeros((count, LENGTH), "int32"), np.zeros((count, LENGTH), "int32")
    for row in range(count):
        day, month, year = generator.integers(1, 32), generator.integers(0, 12), generator.integers(0, 100)
        digits = [ZERO + int(sign) for sign in f"{year:02d}{month + 1:02d}{day:02d}"]
        label = [ZERO + int(sign) for sign in str(day)] + [JANUARY + month] + digits[:2]
        wanted, given, answer = (DIGITS, label, digits) if row % 2 else (LABEL, digits, label)
        source[row, : len(given) + 1] = [wanted, *given]
        target[row, : len(answer) + 1] = [*answer, END]
    return source, target


def spell(row):
    """Return a row of tokens as text."""
    names = {START: "<", END: ">", LABEL: "label: ", DIGITS: "digits: "} | {JANUARY + place: f" {name} " for place, name in enumerate(MONTHS)}
    return "".join(names.get(int(token), str(int(token) - ZERO)) for token in row if token)


source, target = draw_days(6000, np.random.default_rng(SEED))
own_source, own_target = draw_days(300, np.random.default_rng(1000 + SEED))
for _row in range(4):
    print(f"{spell(source[_row]):20s} → {spell(target[_row])}")

# %% [markdown] id="feed-text"
# ## Step 1 · What the decoder is fed
#
# `feed(target)` returns two arrays of the target's shape:
#
# - `given`: the start token (1), then the target without its last column, so that each place has to say what it has not been told;
# - `weights`, float32: 0 where the target is padding, and elsewhere such that **each answer counts the same**, short or long: in a row with four tokens and the end each of the five weighs 0.2.
#
# The target itself stays as it is.

# %% id="feed" role="solution" hints=["Which column of given comes from which column of the target? And how many tokens has a row?", "Begin with a fresh array for given. A comparison with the padding is a table of True and False.", "The table divided by its own sums along axis 1, kept as a column with keepdims=True."]
def feed(target):
    """Return (given, weights): the decoder's input, and float32 weights that sum to 1 in each row."""
    ### BEGIN SOLUTION
    given = np.full_like(target, START)
    given[:, 1:] = target[:, :-1]
    counts = (np.asarray(target) != PAD).astype("float32")
    return given, counts / counts.sum(axis=1, keepdims=True)
    ### END SOLUTION

# %% id="feed-by-hand" role="check" points=2 title="A short answer and a long one"
given_, weights_ = sequence(feed(np.array([[10, 17, 11, 2, 0], [11, 10, 3, 6, 2]], "int32")), 2, "feed returns two arrays.")
same(given_, [[1, 10, 17, 11, 2], [1, 11, 10, 3, 6]], "given is the start token 1, then the target without its last column.")
weights_ = array(weights_, (2, 5))
close(weights_, [[0.25, 0.25, 0.25, 0.25, 0], [0.2, 0.2, 0.2, 0.2, 0.2]], "Four tokens weigh 0.25 each, the end among them, and five weigh 0.2.")
assert weights_.dtype == np.float32, f"Keras wants float32 weights. You returned {weights_.dtype}."

# %% id="feed-fresh" role="check" hidden=true required=true points=2 title="Other answers, and the target is left alone" feedback="On random targets one of the two arrays differed from ours, or the notebook's own target had changed after training. The start token is 1; the end counts; each row of the weights sums to 1; and writing into a view of the target changes the target."
given_ = rng.integers(3, 27, (30, 7)).astype("int32")
for row_, length_ in enumerate(rng.integers(1, 7, 30)):
    given_[row_, length_:] = 0
    given_[row_, length_] = 2
kept_ = given_.copy()
came_ = sequence(feed(given_), 2)
same(came_[0], np.hstack([np.ones((30, 1), int), kept_[:, :-1]]))
close(came_[1], [[(token_ != 0) / (row_ != 0).sum() for token_ in row_] for row_ in kept_])
same(given_, kept_)
assert array(target, (6000, 7), "integer")[:, 0].min() > 1  # nor did training leave a start token there

# %% [markdown] id="train-text"
# ## Step 2 · The network
#
# Train `model`: two inputs, source and `given`, both `(7,)` int32; an output `(7, 27)` of probabilities; at most 100,000 parameters. Each place of the decoder may see what was written **before** it and the whole source. `GRU` layers will do. So will `Conv1D`, which is quicker: `padding="same"` over the source, `padding="causal"` over
# what is written (width 7 sees it all), and an `Attention` that looks back from the second to the first. Give the weights to `fit` as `sample_weight`, and leave `mask_zero` out.

# %% id="train" role="solution" hints=["Two embeddings, two layers that mix neighbours, one that looks from the written to the source, one that chooses the token. In which order do they stand?", "The functional API: Attention gets [written, source]. Put what it finds beside the decoder's own vectors with Concatenate, then Dense with relu, then Dense with a softmax.", "64 units everywhere are about 71,000 parameters. Adam near 0.005, batches of 64 and four epochs are enough; the labels are whole numbers."]
# The name that the checks look for: model
### BEGIN SOLUTION
layers = keras.layers
read, written = keras.Input((LENGTH,), dtype="int32"), keras.Input((LENGTH,), dtype="int32")
values = layers.Conv1D(64, 7, padding="same", activation="relu")(layers.Embedding(TOKENS, 64)(read))
queries = layers.Conv1D(64, 7, padding="causal", activation="relu")(layers.Embedding(TOKENS, 64)(written))
found = layers.Attention(use_scale=True)([queries, values])
mixed = layers.Dense(64, activation="relu")(layers.Concatenate()([queries, found]))
model = keras.Model([read, written], layers.Dense(TOKENS, activation="softmax")(mixed))
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy")
given, weights = feed(target)
model.fit([source, given], target, sample_weight=weights, epochs=4, batch_size=64, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = None  # Your code here
### END STARTER

# %% id="no-peeking" role="check" points=2 title="Each place sees what was written before it, and no more"
source_ = np.array([[14, 10, 17, 11, 10, 0, 0], [13, 11, 10, 3, 6, 3, 10]], "int32")
written_ = np.array([[1, 11, 10, 3, 6, 3, 10], [1, 10, 17, 11, 10, 2, 0]], "int32")
one_ = array(model.predict([source_, written_], verbose=0), (2, 7, 27), message="Two days give an output of shape (2, 7, 27).")
close(one_.sum(axis=-1), np.ones((2, 7)), "Each place must hold probabilities that sum to 1.", atol=1e-3)
changed_ = written_.copy()
changed_[:, 4:] = 3 + (changed_[:, 4:] + 2) % 10
other_ = array(model.predict([source_, changed_], verbose=0), (2, 7, 27))
assert np.abs(one_[:, :4] - other_[:, :4]).max() < 1e-5, "Changing tokens 4 to 6 of what is written changed what the places 0 to 3 say. Something reads ahead."

# %% id="fresh-days" role="examiner"
def fresh_days_(count):
    """Return source and target, drawn by the examiner."""
    sources_, targets_ = np.zeros((count, 7), "int32"), np.zeros((count, 7), "int32")
    for row_ in range(count):
        day_, month_, year_ = int(rng.integers(1, 32)), int(rng.integers(0, 12)), int(rng.integers(0, 100))
        digits_ = [3 + int(sign_) for sign_ in f"{year_:02d}{month_ + 1:02d}{day_:02d}"]
        label_ = [3 + int(sign_) for sign_ in str(day_)] + [15 + month_] + digits_[:2]
        wanted_, read_, answer_ = (14, label_, digits_) if row_ % 2 else (13, digits_, label_)
        sources_[row_, : len(read_) + 1] = [wanted_, *read_]
        targets_[row_, : len(answer_) + 1] = [*answer_, 2]
    return sources_, targets_


def written_by_(model_, sources_):
    """Return the greedy answers of the rebuilt model, 0 behind the first end, and the product of their tokens' probabilities."""
    fed_, answers_ = np.zeros(sources_.shape, "int32"), np.zeros(sources_.shape, "int32")
    best_ = np.zeros(sources_.shape)
    fed_[:, 0] = 1
    for place_ in range(7):
        said_ = array(np.asarray(model_.predict_on_batch([sources_, fed_])), (len(sources_), 7, 27))[:, place_]
        answers_[:, place_], best_[:, place_] = said_.argmax(axis=-1), said_.max(axis=-1)
        if place_ < 6:
            fed_[:, place_ + 1] = answers_[:, place_]
    behind_ = np.cumsum(answers_ == 2, axis=1) - (answers_ == 2) > 0
    return np.where(behind_, 0, answers_), np.where(behind_, 1, best_).prod(axis=1)

# %% id="exact" role="check" hidden=true required=true requires=["train"] points=4 title="600 days, both directions" feedback="We rebuilt your model, drew 600 days, and wrote the answers with a greedy loop of our own. In one of the two directions fewer than 45 % were exact, or the model has more than 100,000 parameters. Near 0 with a small training loss: the decoder was told what it had to say. Some right: train a little longer, or look at the attention."
rebuilt_ = rebuild("model")
parameters_ = rebuilt_.count_params()
report_metric("parameters", parameters_, threshold=100_000, better="lower")
sources_, targets_ = fresh_days_(600)
answers_, sure_ = written_by_(rebuilt_, sources_)
answers_, sure_ = array(answers_, (600, 7), "integer"), array(sure_, 600)
exact_ = (answers_ == targets_).all(axis=1)
worse_ = min(float(exact_[::2].mean()), float(exact_[1::2].mean()))
report_metric("exact in the worse direction", worse_, threshold=0.45)
report_slices(exact_, [f"{'digits' if row_[0] == 14 else 'label'} wanted, {'sure' if value_ > 0.9 else 'not sure'}" for row_, value_ in zip(sources_, sure_)], metric="exact", title="By direction, and by whether the probability of the answer is above 0.9")
assert worse_ >= 0.45 and parameters_ <= 100_000

# %% [markdown] id="write-text"
# ## Step 3 · Write, and say how sure
#
# `write(model, source)` writes the answers of all rows greedily: begin with the start token, take the **most probable** token at place 0, give it to the decoder at place 1, and so on. It returns two arrays:
#
# - the answers, int (rows, 7), with **0 behind the first end token**;
# - how sure it is, float (rows,): the **product** of the probabilities of the tokens that it wrote, up to the end and with it. What the network babbles behind the end does not count. If there is no end, all seven count.

# %% id="write" role="solution" hints=["In round i only place i of the output is new. Which two things do you need from it?", "Keep the argmax as the answer's column i and as the decoder's column i + 1, and the largest probability in a second array.", "np.cumsum over answer == END, minus the comparison itself, is above 0 behind the first end. Put 0 there into the answers, and 1 into the probabilities before you multiply along axis 1."]
def write(model, source):
    """Return (answers, sure): greedy answers, int (rows, 7), 0 behind the first end; and the probability of each, float (rows,)."""
    ### BEGIN SOLUTION
    written, answers = np.zeros(np.shape(source), "int32"), np.zeros(np.shape(source), "int32")
    best = np.ones(np.shape(source))
    written[:, 0] = START
    for place in range(LENGTH):
        said = model.predict_on_batch([source, written])[:, place]
        answers[:, place] = said.argmax(axis=-1)
        best[:, place] = said.max(axis=-1)
        if place + 1 < LENGTH:
            written[:, place + 1] = answers[:, place]
    behind = np.cumsum(answers == END, axis=1) - (answers == END) > 0
    return np.where(behind, PAD, answers), np.where(behind, 1.0, best).prod(axis=1)
    ### END SOLUTION

# %% id="write-shape" role="check" points=1 title="An answer and a probability for each row"
answers_, sure_ = sequence(write(model, own_source[:40]), 2, "write returns two arrays.")
answers_, sure_ = array(answers_, (40, 7), "integer", "40 rows have answers (40, 7)."), array(sure_, 40, message="40 rows have 40 probabilities.")
ends_ = np.cumsum(answers_ == 2, axis=1) - (answers_ == 2)
assert not answers_[ends_ > 0].any(), "Behind the first end token (2) only 0 may stand."
assert 0 <= sure_.min() and sure_.max() <= 1 + 1e-6, f"A product of probabilities lies between 0 and 1. Yours go from {sure_.min():.3f} to {sure_.max():.3f}."

# %% id="write-agrees" role="check" hidden=true required=true points=4 title="It writes what ours writes, and is as sure" feedback="We let your write() and a greedy loop of our own write the answers of your model for 60 fresh rows, some of them nonsense. They differed, or the probabilities did. Look at which place is new in each round, at what the decoder is given next, and at which tokens the product goes over."
sources_, _ = fresh_days_(60)
sources_[40:, 1:] = rng.integers(3, 27, (20, 6))
ours_, sure_ = written_by_(rebuild("model"), sources_)
ours_, sure_ = array(ours_, (60, 7), "integer"), array(sure_, 60)
theirs_, said_ = sequence(write(model, sources_), 2)
theirs_, said_ = array(theirs_, (60, 7), "integer"), array(said_, 60)
alike_ = (theirs_ == ours_).all(axis=1)
assert alike_.mean() >= 0.95
close(said_[alike_], sure_[alike_], atol=1e-3)
