# %% [markdown] id="story"
# # Text in, text out
#
# T5 showed in 2019 that one network can translate, summarise and answer, if every task is put the same way: text in, text out, and the first words say what
# is wanted. You will build the smallest version of that idea which still deserves the name. An old tram company has two codes for its
# letters: `reverse:` writes a word backwards, and `cipher:` writes it backwards, too, and puts for every letter the one after it (after j comes a). One network is to
# learn both from examples alone, and the first token tells it which is wanted.
#
# Three things make such networks work, and each is a step here: the **shift** that lets the decoder learn without seeing the answer, the **attention** that lets
# it look back at the input, and the **greedy loop** that writes one token after the other.
#
# **Metric.** Exact answers, every letter and the end, on **600 words that you have not seen**: at least **0.75** of all; and at least **0.60** of each of the two tasks.
#
# **Data card.** SIMULATED: words of 3 to 6 letters out of a to j, drawn at random in the notebook; the examiner draws others with the attempt's seed. The
# two rules are exact, so every mistake is the network's. There are a million words of six letters and you get 8,000 words in all: learning them by heart does not help.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21 and Keras 3. To pass you need 80 % of the points,
# 80 % of the hidden checks' points, and each check that is marked *required*.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)

# %% [markdown] id="data-text"
# ## The tokens
# 16 tokens: 0 is padding, 1 opens every answer, 2 ends it, 3 is `reverse:`, 4 is `cipher:`, 5 is never used, and 6 to 15 are the letters a to j. A source is a task and
# up to six letters; a target is the answer and the end. Both are rows of seven, with 0 behind the end.

# %% id="data" role="setup"
PAD, START, END, REVERSE, CIPHER = 0, 1, 2, 3, 4
FIRST, LETTERS, TOKENS, LENGTH = 6, 10, 16, 7


def make_words(count, generator):
    """Return source and target, int32 (count, 7): half the words are to be reversed, half to be put into the cipher."""
    source = np.zeros((count, LENGTH), "int32")
    target = np.zeros((count, LENGTH), "int32")
    for row in range(count):
        letters = generator.integers(0, LETTERS, generator.integers(3, LENGTH))
        task = REVERSE if row % 2 else CIPHER
        answer = letters[::-1] if task == REVERSE else (letters[::-1] + 1) % LETTERS
        source[row, 0] = task
        source[row, 1 : len(letters) + 1] = FIRST + letters
        target[row, : len(letters)] = FIRST + answer
        target[row, len(letters)] = END
    return source, target


def spell(row):
    """Return a row of tokens as text."""
    return "".join({START: "<", END: ">", REVERSE: "reverse:", CIPHER: "cipher:"}.get(int(token), chr(91 + int(token))) for token in row if token)


source, target = make_words(8000, np.random.default_rng(SEED))
valid_source, valid_target = make_words(400, np.random.default_rng(1000 + SEED))
for _row in range(4):
    print(f"{spell(source[_row]):20s} → {spell(target[_row])}")

# %% [markdown] id="shift-text"
# ## Step 1 · The shift
#
# While it learns, the decoder is told the right answer so far and asked for the next token. So its input is the target **moved one place to the right**, with the start
# token (1) in front, and the last column falls off. For the target `c b a >` the decoder reads `< c b a` and must say `c b a >`. If you
# forget the shift, it reads `c` and says `c`: the loss falls to nothing, and it has learned to copy.

# %% id="shift" role="solution" hints=["What stands in column 0 of the result, whatever the target is? And where does column 0 of the target go?", "Make an array like the target, then fill two parts of it: the first column, and all the others.", "The others are all columns of the target but the last. Take care not to change the target itself: begin with a fresh array or with np.concatenate."]
def shift_right(target):
    """Return the decoder's input: the start token, then the target without its last column. The target stays as it is."""
    ### BEGIN SOLUTION
    shifted = np.full_like(target, START)
    shifted[:, 1:] = target[:, :-1]
    return shifted
    ### END SOLUTION

# %% id="shift-by-hand" role="check" points=1 title="Two answers, moved to the right"
target_ = np.array([[8, 7, 6, 2, 0, 0], [9, 9, 9, 9, 9, 2]], "int32")
same(shift_right(target_), [[1, 8, 7, 6, 2, 0], [1, 9, 9, 9, 9, 9]], "The start token 1 comes first, and the last column falls off.")

# %% id="shift-fresh" role="check" hidden=true required=true points=2 title="Other answers, and the target is left alone" feedback="On random targets the result differed from ours, or the notebook's own target had changed after training. The start token is 1, and writing into an array that is only a view of the target changes the target."
given_ = rng.integers(0, 16, (30, 7)).astype("int32")
kept_ = given_.copy()
same(shift_right(given_), np.hstack([np.ones((30, 1), int), kept_[:, :-1]]))
same(given_, kept_)
assert array(target, (8000, 7), "integer")[:, 0].min() > 1  # nor did training leave a start token there

# %% [markdown] id="weights-text"
# ## Step 2 · Padding does not count
#
# Most answers are shorter than seven tokens. What the network says behind the end is nobody's business, so those places must not enter the loss. Return a table of **1.0**
# where the target has a token (the end token counts, it has to be learned) and **0.0** where it has padding.

# %% id="weights" role="solution" hints=["Which single comparison separates padding from everything else?", "A comparison gives True and False; astype makes numbers of them.", "The result has the shape of the target and the type float32. The end token is 2, not 0, so it counts by itself."]
def loss_weights(target):
    """Return float32 weights of the target's shape: 1 for a token, 0 for padding."""
    ### BEGIN SOLUTION
    return (np.asarray(target) != PAD).astype("float32")
    ### END SOLUTION

# %% id="weights-by-hand" role="check" points=1 title="The end counts, the padding does not"
came_ = array(loss_weights(np.array([[8, 7, 2, 0, 0], [2, 0, 0, 0, 0]])), (2, 5))
close(came_, [[1, 1, 1, 0, 0], [1, 0, 0, 0, 0]], "Tokens weigh 1, padding weighs 0.")
assert came_.dtype == np.float32, f"Keras wants float32 weights. You returned {came_.dtype}."

# %% id="weights-fresh" role="check" hidden=true required=true points=1 title="The weights of other answers" feedback="On random targets, also some that are all padding or have none, your weights differed from ours. Every token counts 1, the end token too; only the padding, 0, counts nothing."
for _ in range(5):
    given_ = (rng.integers(0, 16, (12, 7)) * (rng.random((12, 7)) < rng.random())).astype("int32")
    close(loss_weights(given_), given_ > 0)

# %% [markdown] id="model-text"
# ## Step 3 · Encoder, decoder, attention
#
# `build_model` returns a Keras model of **two** inputs (source, decoder input; both `(7,)` int32) and an output `(7, 16)`: for each place of the answer a probability for each of the 16
# tokens. At most 80,000 parameters.
#
# - **Encoder**: `Embedding`, then a `GRU` with `return_sequences=True` (a vector for each source token) and `return_state=True` (its last memory).
# - **Decoder**: an `Embedding` of its own, then a `GRU` with `return_sequences=True` that starts from the encoder's memory (`initial_state=`).
# - **Attention**: `keras.layers.Attention()([queries, values])`: each place of the answer asks, and gets a mixture of the source vectors (with `use_scale=True` it also learns how sharply to look). Put what it
#   brings beside the decoder's own vector with `Concatenate`, and let one or two `Dense` layers choose the token.
#
# The decoder must not see what comes later: a GRU that reads from left to right cannot. For rows as short as these `unroll=True` spares a GRU its slow loop.
#
# Leave `mask_zero` out here: padding is then a token like any other, and the network learns to look past it. (With two inputs Keras writes a mask into the
# model as an operation of its own, and the examiner rebuilds layers only.)

# %% id="build-model" role="solution" hints=["It is the functional API: layers are called with tensors, and keras.Model gets a list of two inputs and one output. Draw the boxes first.", "The encoder's GRU returns two things at once, the sequence and the memory. The decoder's vectors are the queries, the encoder's the values.", "64 units and embeddings of 64 are about 64,000 parameters. After the Concatenate a Dense of 64 with relu helps; the last Dense has one unit for each token and a softmax."]
def build_model():
    """Return an untrained model from [source, decoder input] to (7, 16) probabilities, at most 80,000 parameters."""
    ### BEGIN SOLUTION
    layers = keras.layers
    read, written = keras.Input((LENGTH,), dtype="int32"), keras.Input((LENGTH,), dtype="int32")
    values, memory = layers.GRU(64, return_sequences=True, return_state=True, unroll=True)(layers.Embedding(TOKENS, 64)(read))
    queries = layers.GRU(64, return_sequences=True, unroll=True)(layers.Embedding(TOKENS, 64)(written), initial_state=memory)
    found = layers.Attention(use_scale=True)([queries, values])
    mixed = layers.Dense(64, activation="relu")(layers.Concatenate()([queries, found]))
    return keras.Model([read, written], layers.Dense(TOKENS, activation="softmax")(mixed))
    ### END SOLUTION

# %% id="model-shape" role="check" points=1 title="Two rows in, a probability for each token out"
fresh_ = build_model()
parameters_ = int(fresh_.count_params())
assert parameters_ <= 80_000, f"The budget is 80,000 parameters. Your model has {parameters_:,}."
outputs_ = array(fresh_.predict([source[:6], shift_right(target[:6])], verbose=0), (6, 7, 16), message="Six words give an output of shape (6, 7, 16).")
close(outputs_.sum(axis=-1), np.ones((6, 7)), "Each place must hold probabilities that sum to 1.", atol=1e-3)

# %% id="no-peeking" role="check" points=2 title="No place of the answer sees what comes later"
fresh_ = build_model()
written_ = array(shift_right(target[:8]), (8, 7), "integer")
changed_ = written_.copy()
changed_[:, 4:] = 6 + (changed_[:, 4:] + 3) % 10
one_ = array(fresh_.predict([source[:8], written_], verbose=0), (8, 7, 16))
other_ = array(fresh_.predict([source[:8], changed_], verbose=0), (8, 7, 16))
assert np.abs(one_[:, :4] - other_[:, :4]).max() < 1e-5, "Changing tokens 4 to 6 of the decoder's input changed what the places 0 to 3 say. Something reads ahead."
assert np.abs(one_[:, 4:] - other_[:, 4:]).max() > 1e-7, "Changing the decoder's input changed nothing at all: the decoder does not read it."

# %% id="looks-back" role="check" points=1 title="Every source token has a way to the answer"
fresh_ = build_model()
source_ = np.array([[3, 6, 7, 8, 9, 10, 11]] * 7, "int32")
for place_ in range(1, 7):
    source_[place_, place_] = 15
outputs_ = array(fresh_.predict([source_, np.ones((7, 7), "int32")], verbose=0), (7, 7, 16))
moved_ = [float(np.abs(outputs_[place_] - outputs_[0]).max()) for place_ in range(1, 7)]
assert min(moved_) > 1e-7, f"Changing the source letter at place {1 + int(np.argmin(moved_))} changes no probability."

# %% id="model-fresh" role="check" hidden=true required=true points=2 title="The same holds for other words, in the model that we build again" feedback="We built the model that build_model returns again, from its layers and weights, and gave it random sources and answers. It must have at most 80,000 parameters and 16 probabilities for each of the seven places; a place must not see what comes later in the decoder's input; and each letter of the source must have a way to each place of the answer."
fresh_ = rebuild(build_model())
assert fresh_.count_params() <= 80_000
sources_, written_ = rng.integers(6, 16, (20, 7)).astype("int32"), rng.integers(6, 16, (20, 7)).astype("int32")
sources_[:, 0], written_[:, 0] = 3, 1
first_ = array(fresh_.predict([sources_, written_], verbose=0), (20, 7, 16))
close(first_.sum(axis=-1), np.ones((20, 7)), atol=1e-3)
for place_ in range(1, 7):
    changed_ = written_.copy()
    changed_[:, place_] = 6 + (changed_[:, place_] - 5) % 10
    moved_ = np.abs(array(fresh_.predict([sources_, changed_], verbose=0), (20, 7, 16)) - first_).max(axis=2)
    assert moved_[:, :place_].max() < 1e-5 and moved_[:, place_].max() > 1e-7
    changed_ = sources_.copy()
    changed_[:, place_] = 6 + (changed_[:, place_] - 5) % 10
    moved_ = np.abs(array(fresh_.predict([changed_, written_], verbose=0), (20, 7, 16)) - first_).max(axis=(0, 2))
    assert moved_.min() > 1e-7

# %% [markdown] id="train-text"
# ## Step 4 · Train it
#
# Fit a model on `[source, shift_right(target)]` with the target `target` and `sample_weight=loss_weights(target)`. Keep `model` and `history`. Three or four epochs of
# batches of 64 are enough with a brisk learning rate; each takes a few seconds.

# %% id="train" role="solution" hints=["The inputs are a list of two arrays, the labels are whole numbers, sixteen classes at each place. Which loss is that?", "The weights of step 2 go into fit as sample_weight. Adam with a rate near 0.008 learns this in a few epochs; with the default rate it takes three times as long.", "If the loss falls below 0.01 in the first epoch, the decoder has been told the answer: is its input shifted? If it stays above 1, look whether the attention gets the decoder's vectors first and the encoder's second."]
# The two names that the checks look for: model, history
### BEGIN SOLUTION
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.008), loss="sparse_categorical_crossentropy")
history = model.fit([source, shift_right(target)], target, sample_weight=loss_weights(target), epochs=3, batch_size=64, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = history = None  # Your code here
### END STARTER

# %% id="curve" role="setup"
if history is not None:
    print("loss after each epoch:", [round(_value, 3) for _value in history.history["loss"]])

# %% id="learned" role="check" points=1 title="Told the answer so far, it knows the next token"
wanted_ = array(valid_target, (400, 7), "integer")
guesses_ = array(model.predict([valid_source, shift_right(valid_target)], verbose=0), (400, 7, 16)).argmax(axis=-1)
share_ = float((guesses_ == wanted_)[wanted_ != 0].mean())
assert share_ >= 0.8, f"Of the validation tokens it says {share_:.0%} rightly; 80 % is the least. One token in eleven would be chance."

# %% [markdown] id="write-text"
# ## Step 5 · Write, one token after the other
#
# Now nobody tells the answer so far. `write` starts every row with the start token, asks the model, takes the **most probable** token at place 0, puts it into the decoder's input at place
# 1, asks again, and so on. It returns the seven tokens of each answer, with **0 behind the first end token**. Do all rows at once: seven calls of the model, not seven for each row.

# %% id="write" role="solution" hints=["Two arrays grow together: what the decoder is given, and what it has answered. How far apart are they?", "In round i only place i of the output is new. Its argmax over the last axis is the answer's column i, and the decoder's input column i + 1, if there is one.", "model.predict_on_batch is quicker than predict for so few rows. At the end, a running maximum or sum over `answer == END` tells for each place whether an end token stands before it: np.cumsum along axis 1, minus the place itself."]
def write(model, source):
    """Return the answers, int (rows, 7), written greedily token by token; 0 behind the first end token."""
    ### BEGIN SOLUTION
    written = np.zeros(np.shape(source), "int32")
    written[:, 0] = START
    answer = np.zeros(np.shape(source), "int32")
    for place in range(LENGTH):
        answer[:, place] = model.predict_on_batch([source, written])[:, place].argmax(axis=-1)
        if place + 1 < LENGTH:
            written[:, place + 1] = answer[:, place]
    ended = np.cumsum(answer == END, axis=1) - (answer == END)
    return np.where(ended > 0, PAD, answer)
    ### END SOLUTION

# %% id="show" role="setup"
if model is not None:
    try:
        _answers = np.asarray(write(model, valid_source))
        print(f"exact on the validation words: {(_answers == valid_target).all(axis=1).mean():.3f}")
        for _row in range(4):
            print(f"{spell(valid_source[_row]):20s} → {spell(_answers[_row])}")
    except NotImplementedError:
        print("Step 5 is still empty.")

# %% id="write-shape" role="check" points=1 title="Seven tokens for each word, nothing behind the end"
answers_ = array(write(model, valid_source[:50]), (50, 7), "integer", "50 words have answers of shape (50, 7).")
ends_ = np.cumsum(answers_ == 2, axis=1) - (answers_ == 2)
assert not answers_[ends_ > 0].any(), "Behind the first end token (2) only 0 may stand."
assert answers_[:, 0].all(), "The first token of an answer is never padding. Did you return what the decoder was given instead of what it said?"

# %% id="fresh-words" role="examiner"
def fresh_words_(count):
    """Return source and target, drawn by the examiner."""
    sources_, targets_ = np.zeros((count, 7), "int32"), np.zeros((count, 7), "int32")
    for row_ in range(count):
        letters_ = rng.integers(0, 10, rng.integers(3, 7))
        sources_[row_, 0] = 3 + row_ % 2
        sources_[row_, 1 : len(letters_) + 1] = 6 + letters_
        targets_[row_, : len(letters_)] = 6 + ((letters_[::-1] + 1) % 10 if row_ % 2 else letters_[::-1])
        targets_[row_, len(letters_)] = 2
    return sources_, targets_


def exact_():
    """Rebuild the learner's model, write with a loop of our own, and return which answers are exact, and the sources."""
    rebuilt_ = rebuild("model")
    sources_, targets_ = fresh_words_(600)
    written_, answers_ = np.zeros((600, 7), "int32"), np.zeros((600, 7), "int32")
    written_[:, 0] = 1
    for place_ in range(7):
        said_ = array(np.asarray(rebuilt_.predict_on_batch([sources_, written_])), (600, 7, 16))
        answers_[:, place_] = said_[:, place_].argmax(axis=-1)
        if place_ < 6:
            written_[:, place_ + 1] = answers_[:, place_]
    return ((answers_ == targets_) | (targets_ == 0)).all(axis=1), sources_


fresh_exact_ = None

# %% id="exact" role="check" hidden=true requires=["train"] points=4 required=true title="Exact answers on 600 words that you have not seen" feedback="We rebuilt your model, drew 600 words, and wrote the answers with a greedy loop of our own. Fewer than 75 % were exact, or the model has more than 80,000 parameters. If the training loss is small and this is near 0, the decoder learned to copy its input: look at the shift. If some answers are right and long ones are not, train a little longer, or look at the attention."
parameters_ = rebuild("model").count_params()
report_metric("parameters", parameters_, threshold=80_000, better="lower")
fresh_exact_, fresh_sources_ = exact_()
share_ = float(fresh_exact_.mean())
report_metric("exact answers", share_, threshold=0.75)
report_slices(fresh_exact_, [f"{'reverse:' if row_[0] == 3 else 'cipher:'} {int((row_ > 0).sum()) - 1} letters" for row_ in fresh_sources_], metric="exact", title="By task and length")
assert share_ >= 0.75 and parameters_ <= 80_000

# %% id="both-tasks" role="check" hidden=true requires=["train"] points=2 required=true title="At least 60 % exact in each of the two tasks" feedback="One of the two tasks was exact in fewer than 60 % of the words. The first token of the source says which task is wanted: does it reach the decoder, through the memory or the attention?"
if fresh_exact_ is None:
    fresh_exact_, fresh_sources_ = exact_()
worse_ = min(float(fresh_exact_[fresh_sources_[:, 0] == task_].mean()) for task_ in (3, 4))
report_metric("exact in the harder task", worse_, threshold=0.60)
assert worse_ >= 0.60

# %% id="write-agrees" role="check" hidden=true requires=["write"] required=true points=2 title="Your loop writes what ours writes" feedback="We let your write() and our greedy loop write the answers of your own model for 60 fresh words. They differed. Look at which place of the output is new in each round, and that the token just written is what the decoder is given next."
sources_, _ = fresh_words_(60)
rebuilt_ = rebuild("model")
written_, ours_ = np.zeros((60, 7), "int32"), np.zeros((60, 7), "int32")
written_[:, 0] = 1
for place_ in range(7):
    said_ = array(np.asarray(rebuilt_.predict_on_batch([sources_, written_])), (60, 7, 16))
    ours_[:, place_] = said_[:, place_].argmax(axis=-1)
    if place_ < 6:
        written_[:, place_ + 1] = ours_[:, place_]
ours_[np.cumsum(ours_ == 2, axis=1) - (ours_ == 2) > 0] = 0
theirs_ = array(write(model, sources_), (60, 7), "integer")
assert (theirs_ == ours_).all(axis=1).mean() >= 0.95

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **A third task.** Token 5 is free. Let it mean `next:`, the letters after these, *forwards*. It is harder than it looks: print where the attention goes.
# 2. **Without looking back.** Leave the attention out. How long may a word be before the memory alone is too small?
# 3. **Longer than ever seen.** Train on words of 3 to 5 letters and test on 6. What does the network do at the sixth letter, and why?
