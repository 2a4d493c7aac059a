# %% [markdown] id="story"
# # Praise or complaint?
#
# A mountain club runs forty huts. In each lies a guest book, and once a year somebody types the entries in. The club wants the complaints to reach the
# wardens within a week, so it needs a program that reads. The first attempt counted kind and unkind words. It put
# *"Anything but dirty! And the warden was never rude"* on the pile of complaints.
#
# You will measure how far counting goes, then build a network that sees words **in their order**, and find out what it still
# misreads.
#
# **Metric.** Accuracy on **1,500 entries that you have not seen**: at least **0.82**; and on those of them that contain a negation at least **0.75**. The budget is
# **60,000 parameters**.
#
# **Data card.** SIMULATED: 9,000 entries written by a program of ours, half of them complaints. The program knows what each sentence says about
# the hut, and the label is the sign of the sum; sentences about the weather, the way or another hut do not count, however they sound. You get
# 6,000 entries in `/data/guest-books/train.csv.gz`: `text`, `label` (1 praise, 0 complaint) and `forms`, the figures of speech in the
# entry. Real guests are less regular: irony, dialect and half sentences are missing here, so expect a lower score on real books. We simulate because
# the usual review collections leave it open who owns the texts, and because here the truth of every sentence is known.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21 and Keras 3. To pass you need 80 % of the points,
# 80 % of the hidden checks' points, and each check that is marked *required*.

# %% id="imports" role="setup"
import re
from collections import Counter

import keras
import numpy as np
import pandas as pd

SEED = 7
keras.utils.set_random_seed(SEED)
LENGTH = 60  # words of the longest entry, and a little room

# %% [markdown] id="data-text"
# ## The entries
# Cutting and numbering you know from the spam filter, so it is done here: `encode` gives each text a row of 60 word numbers, 0 behind the end, 1 for a
# word that occurs only once. The full stop is a word, too: it says where a sentence ends.

# %% id="data" role="setup"
entries = pd.read_csv("/data/guest-books/train.csv.gz")


def words_of(text):
    """Return the words and full stops of a text, in lower case; an exclamation mark counts as a full stop."""
    return re.findall(r"[a-z]+|\.", text.lower().replace("!", "."))


_counts = Counter(word for text in entries["text"] for word in words_of(text))
vocabulary = {word: number for number, word in enumerate(sorted(word for word in _counts if _counts[word] > 1), start=2)}
WORDS = len(vocabulary) + 2


def encode(texts):
    """Return an int32 array (texts, LENGTH) of word numbers."""
    table = np.zeros((len(texts), LENGTH), dtype="int32")
    for row, text in enumerate(texts):
        numbers = [vocabulary.get(word, 1) for word in words_of(text)[:LENGTH]]
        table[row, : len(numbers)] = numbers
    return table


train, valid = entries.iloc[:5000], entries.iloc[5000:]
x_train, y_train = encode(train["text"]), train["label"].to_numpy()
x_valid, y_valid = encode(valid["text"]), valid["label"].to_numpy()
print(x_train.shape, x_valid.shape, WORDS, "word numbers")
for _row in (0, 1, 5):
    print(train["label"].iloc[_row], "|", train["text"].iloc[_row], "|", train["forms"].iloc[_row])

# %% id="word-lists" role="setup"
KIND = set("""good lovely great wonderful excellent perfect splendid superb fine heavenly friendly kind generous welcoming cheerful patient delicious tasty
hearty fresh warm clean cosy quiet bright spotless airy tidy comfortable""".split())
UNKIND = set("""bad poor awful terrible dreadful horrible miserable nasty dismal shabby rude unfriendly mean grumpy cold impatient stale bland tasteless burnt
dirty noisy cramped stuffy damp gloomy filthy smelly musty""".split())

# %% [markdown] id="counting-text"
# ## Step 1 · How far does counting go?
#
# The first attempt of the club, as a function: count the kind and the unkind words of a text; return 1 if there are **more kind than unkind** ones, else 0.
# The cell below yours says how often it is right. A number to beat belongs before every network.

# %% id="counting" role="solution" hints=["words_of gives you the words. Which two counts do you need?", "A sum over a generator counts: one for each word that is in the set. Do it for both sets.", "Compare the two counts with >, so that a draw gives 0, and return a whole number, not True or False."]
def count_words(text, kind=KIND, unkind=UNKIND):
    """Return 1 if the text has more kind than unkind words, else 0."""
    ### BEGIN SOLUTION
    words = words_of(text)
    balance = sum(word in kind for word in words) - sum(word in unkind for word in words)
    return int(balance > 0)
    ### END SOLUTION

# %% id="counting-score" role="setup"
try:
    _right = np.mean([count_words(text) == label for text, label in zip(valid["text"], y_valid)])
    print(f"counting is right for {_right:.3f} of the validation entries; always the same answer for {max(y_valid.mean(), 1 - y_valid.mean()):.3f}")
except NotImplementedError:
    print("Step 1 is still empty.")

# %% id="counting-by-hand" role="check" points=1 title="Kind against unkind, by hand"
for text_, wanted_ in (
    ("The soup was good.", 1),
    ("The soup was good but the bed was damp.", 0),
    ("Good, GOOD soup! Damp bed.", 1),
    ("We counted nine goats.", 0),
    ("Anything but dirty!", 0),
):
    same(count_words(text_), wanted_, f"{text_!r} should give {wanted_}.")
same(count_words("red red blue", kind={"blue"}, unkind={"red"}), 0, "With other lists the function must use those: two red words outweigh one blue one.")

# %% id="counting-fresh" role="check" hidden=true required=true points=1 title="Other texts, and other lists of words" feedback="On random texts, with lists of kind and unkind words of our own and with yours, your answers differed from ours. Use the lists that are passed in; a draw, or a text without any such word, gives 0; each time that a word occurs counts."
for _ in range(40):
    known_ = [str(word_) for word_ in rng.permutation(["red", "blue", "green", "grey", "pink", "brown", "white", "black"])]
    kind_, unkind_ = set(known_[:3]), set(known_[3:6])
    words_ = [str(word_) for word_ in rng.choice(known_, rng.integers(0, 9))]
    balance_ = sum(word_ in kind_ for word_ in words_) - sum(word_ in unkind_ for word_ in words_)
    same(count_words(" ".join(words_).title() + "!", kind_, unkind_), int(balance_ > 0))

# %% [markdown] id="windows-text"
# ## Step 2 · What a window sees
#
# A `Conv1D` layer of width 3 looks at three neighbouring words at a time: words 1–3, then 2–4, then 3–5 … Each of its filters is a small pattern
# that answers strongly where the window fits, for example *not at all* followed by something unkind. Write down what it gets to see: all windows of one row, in
# order, as an array with a row for each window. A row of `n` numbers has `n − width + 1` windows.

# %% id="windows" role="solution" hints=["Where does the first window begin, where the last one? The second number is in the text above.", "One slice for each start, put together with np.array or np.stack.", "range of the number of windows gives the starts; each window goes from its start to start plus width. np.lib.stride_tricks has a ready-made function, too."]
def windows(numbers, width):
    """Return an int array (n - width + 1, width) of all windows of a row of n numbers."""
    ### BEGIN SOLUTION
    return np.array([numbers[start : start + width] for start in range(len(numbers) - width + 1)])
    ### END SOLUTION

# %% id="windows-by-hand" role="check" points=1 title="The windows of five numbers"
same(windows(np.array([5, 6, 7, 8, 9]), 3), [[5, 6, 7], [6, 7, 8], [7, 8, 9]], "Five numbers have three windows of width 3.")
same(windows(np.array([5, 6, 7]), 3), [[5, 6, 7]], "Three numbers have one window of width 3.")

# %% id="windows-fresh" role="check" hidden=true required=true points=1 title="The windows of other rows" feedback="On random rows and widths, also width 1 and a width as long as the row, your windows differed from ours. Count how many windows there must be, and look whether the last one is complete."
for _ in range(8):
    row_ = rng.integers(0, 90, rng.integers(4, 20))
    for width_ in (1, int(rng.integers(2, 5)), len(row_)):
        same(windows(row_, width_), np.lib.stride_tricks.sliding_window_view(row_, width_))

# %% [markdown] id="model-text"
# ## Step 3 · A network that respects the order
#
# `build_model` returns an untrained Keras model from rows of 60 word numbers to **one probability** of praise, with at most 60,000 parameters.
# After the `Embedding` something must look at neighbours before anything is averaged or maximised:
#
# - `Conv1D` with windows of five to nine words, then `GlobalMaxPooling1D` (was the pattern *anywhere*?) or `GlobalAveragePooling1D` (how *often*?); or
# - `GRU`, which reads from left to right and carries a memory (with `mask_zero=True` in the `Embedding` it stops at the end of the text).
#
# Conv1D trains faster on a CPU. The longest figure of speech spans about nine words.

# %% id="build-model" role="solution" hints=["Three stages: numbers to vectors, neighbours to patterns, patterns to one number. Which layer is which?", "Embedding(WORDS, 32), then a Conv1D with some 64 filters and relu, then a pooling layer, then Dense with one sigmoid. Some Dropout before the end helps.", "A Conv1D of width 7 over vectors of 32 with 64 filters has 7 · 32 · 64 + 64 = 14,400 parameters. padding=\"same\" lets the windows reach over both ends. An average over vectors without a Conv1D or GRU before it has forgotten the order: the check notices."]
def build_model():
    """Return an untrained Keras model from (60,) word numbers to one probability of praise, at most 60,000 parameters."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            keras.layers.Embedding(WORDS, 32),
            keras.layers.Conv1D(64, 7, padding="same", activation="relu"),
            keras.layers.GlobalMaxPooling1D(),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    ### END SOLUTION

# %% id="model-shape" role="check" points=1 title="From 60 numbers to one probability, within the budget"
fresh_ = build_model()
assert tuple(fresh_.input_shape) == (None, 60), f"The input must be (None, 60). It is {fresh_.input_shape}."
assert tuple(fresh_.output_shape) == (None, 1), f"The output must be (None, 1). It is {fresh_.output_shape}."
parameters_ = int(fresh_.count_params())
assert parameters_ <= 60_000, f"The budget is 60,000 parameters. Your model has {parameters_:,}."

# %% id="order" role="check" points=2 title="The same words in another order give another answer"
first_ = np.zeros((1, 60), "int32")
first_[0, :12] = range(10, 22)
second_ = first_.copy()
second_[0, :12] = [15, 10, 21, 12, 18, 11, 20, 14, 16, 13, 19, 17]
fresh_ = build_model()
one_, other_ = (number(array(fresh_.predict(row_, verbose=0), (1, 1))[0, 0]) for row_ in (first_, second_))
assert abs(one_ - other_) > 1e-6, (
    f"Twelve words in two orders give the same answer, {one_:.6f}. Somewhere the order is lost before any layer has looked at neighbours."
)

# %% id="order-fresh" role="check" hidden=true required=true points=1 title="The order counts for other rows too, within the budget" feedback="We built the model that build_model returns again, from its layers and weights, and gave it random rows with the same words in other orders. It must have one probability for each row, at most 60,000 parameters, and answers that change with the order, also where the words stand far apart."
fresh_ = rebuild(build_model())
assert fresh_.count_params() <= 60_000
rows_ = np.zeros((40, 60), "int32")
for row_ in rows_:
    row_[:20] = rng.choice(np.arange(2, 60), 20, replace=False)
turned_ = rows_.copy()
turned_[:, :20] = rows_[:, rng.permutation(20)]
one_, other_ = (array(fresh_.predict(part_, verbose=0), (40, 1)) for part_ in (rows_, turned_))
assert 0 <= min(one_.min(), other_.min()) and max(one_.max(), other_.max()) <= 1
assert (np.abs(one_ - other_) > 1e-7).mean() >= 0.9

# %% [markdown] id="train-text"
# ## Step 4 · Train it
#
# Compile a model, fit it on the training entries with `validation_data=(x_valid, y_valid)`, and keep `model` and `history`. A few epochs are enough. Watch
# the validation accuracy: it should pass what counting reached in the first epoch or two.

# %% id="train" role="solution" hints=["Labels are 0 or 1 and the last layer is one sigmoid: which loss goes with them?", "Adam with a rate of a few thousandths and batches of 64 needs three or four epochs; ask for \"accuracy\" as a metric.", "If the accuracy stays near one half for two epochs, the rate is too small for so few steps. verbose=0 keeps the page quiet; the cell below prints the curves."]
# The two names that the checks look for: model, history
### BEGIN SOLUTION
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.003), loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, validation_data=(x_valid, y_valid), epochs=3, batch_size=64, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = history = None  # Your code here
### END STARTER

# %% id="curve" role="setup"
if history is not None:
    _curves = history.history
    for _epoch in range(len(_curves["loss"])):
        print(f"epoch {_epoch + 1:2d}  " + "  ".join(f"{_name} {_values[_epoch]:.3f}" for _name, _values in _curves.items()))

# %% id="learned" role="check" points=1 title="It beats counting on the validation entries"
guesses_ = array(model.predict(x_valid, verbose=0), (1000, 1))[:, 0] > 0.5
share_ = float((guesses_ == (array(y_valid, 1000) == 1)).mean())
assert share_ >= 0.75, f"Counting is right for 57 % of the entries. Your model is right for {share_:.0%}; 75 % is the least."

# %% id="held-out-entries" role="examiner"
import re
from collections import Counter


def cut_(text):
    return re.findall(r"[a-z]+|\.", text.lower().replace("!", "."))


counts_ = Counter(word_ for text_ in pd.read_csv(public("guest-books", "train.csv.gz"))["text"] for word_ in cut_(text_))
numbers_ = {word_: number_ for number_, word_ in enumerate(sorted(word_ for word_ in counts_ if counts_[word_] > 1), start=2)}
held_out_ = pd.read_csv(held_out("guest-books", "test.csv.gz"))
rows_ = np.zeros((len(held_out_), 60), "int32")
for row_, text_ in enumerate(held_out_["text"]):
    found_ = [numbers_.get(word_, 1) for word_ in cut_(text_)][:60]
    rows_[row_, : len(found_)] = found_
right_ = None


def answers_():
    """Rebuild the learner's model and return which of the held-out entries it reads rightly."""
    predicted_ = array(rebuild("model").predict(rows_, verbose=0, batch_size=256), (len(held_out_), 1))[:, 0]
    return (predicted_ > 0.5) == (held_out_["label"].to_numpy() == 1)

# %% id="accuracy" role="check" hidden=true points=4 required=true title="Accuracy on 1,500 entries that you have not seen" feedback="We rebuilt your model and let it read 1,500 entries that were kept from you. Accuracy was under 0.82, or the model has more than 60,000 parameters. Near 0.6 or 0.7: the order of the words is lost before anything looks at neighbours. Near 0.8: the windows are narrow, or it needs another epoch or two."
parameters_ = rebuild("model").count_params()
report_metric("parameters", parameters_, threshold=60_000, better="lower")
right_ = answers_()
accuracy_ = float(right_.mean())
report_metric("held-out accuracy", accuracy_, threshold=0.82)
label_ = held_out_["label"].to_numpy()
report_confusion(label_, np.where(right_, label_, 1 - label_), labels=["complaint", "praise"], title="What your model took for what, on 1,500 hidden entries")
pairs_ = [(mark_, form_) for mark_, forms_ in zip(right_, held_out_["forms"]) for form_ in forms_.split()]
report_slices([mark_ for mark_, _ in pairs_], [form_ for _, form_ in pairs_], title="By figure of speech (an entry can count for several)")
assert accuracy_ >= 0.82 and parameters_ <= 60_000

# %% id="negation" role="check" hidden=true points=2 required=true title="At least 0.75 where a negation occurs" feedback="Of the held-out entries with a negation (not, never, hardly, far from, anything but …) fewer than 75 % were read rightly. A window must be wide enough to hold the negation and the word that it turns, which can stand three words further."
if right_ is None:
    right_ = answers_()
negated_ = float(right_[held_out_["forms"].str.contains("negation").to_numpy()].mean())
report_metric("accuracy with negation", negated_, threshold=0.75)
assert negated_ >= 0.75

# %% [markdown] id="slices-text"
# ## Step 5 · Where does it fail?
#
# One number for all entries hides where the mistakes are. `forms` names the figures of speech in each entry, separated by spaces: `"negation reported"`. Return a
# dict from each form to the accuracy on **all entries that contain it** (an entry with two forms counts for both).

# %% id="slices" role="solution" hints=["Which forms occur at all? Collect them first, or let the dict grow.", "For each entry, split its string, and note under each of its forms whether the answer was right.", "A dict of lists, collections.defaultdict(list), keeps the notes; at the end each list becomes its mean. Do not look for a form with `in` on the string: one name could be part of another."]
def accuracy_by_form(forms, right):
    """Return {form: accuracy}: forms is a list of strings like "negation plain", right a bool array of the same length."""
    ### BEGIN SOLUTION
    notes = {}
    for names, is_right in zip(forms, right):
        for name in names.split():
            notes.setdefault(name, []).append(bool(is_right))
    return {name: float(np.mean(values)) for name, values in notes.items()}
    ### END SOLUTION

# %% id="report" role="setup"
if model is not None:
    try:
        _right = (model.predict(x_valid, verbose=0)[:, 0] > 0.5) == (y_valid == 1)
        for _name, _value in sorted(accuracy_by_form(valid["forms"].tolist(), _right).items(), key=lambda item: item[1]):
            print(f"{_name:12s} {_value:.3f}")
        for _i in np.flatnonzero(~_right)[:3]:
            print("misread:", y_valid[_i], valid["text"].iloc[_i])
    except NotImplementedError:
        print("Step 5 is still empty.")

# %% id="slices-by-hand" role="check" points=1 title="Four entries, by hand"
came_ = accuracy_by_form(["plain", "negation plain", "negation", "contrast"], np.array([True, False, True, False]))
close(came_, {"plain": 0.5, "negation": 0.5, "contrast": 0.0}, "plain has one right of two, negation one of two, contrast none of one.")

# %% id="slices-fresh" role="check" hidden=true required=true points=1 title="The slices are right on other entries" feedback="On random forms and answers your dict differed from ours. An entry with several forms counts for each of them; a form that never occurs has no place in the dict; one name may be part of another (\"irony\" and \"no-irony\")."
names_ = np.array(["irony", "no-irony", "plain", "contrast"])
for _ in range(5):
    forms_ = [" ".join(sorted(rng.choice(names_, rng.integers(1, 4), replace=False))) for _ in range(60)]
    marks_ = rng.random(60) < 0.7
    wanted_ = {name_: float(marks_[[name_ in form_.split() for form_ in forms_]].mean()) for name_ in names_ if any(name_ in form_.split() for form_ in forms_)}
    close(accuracy_by_form(forms_, marks_), wanted_)

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **Read backwards.** Put a `GRU` in place of the windows, then a `Bidirectional` one. Which figure of speech gains? What does an epoch cost?
# 2. **How little is enough?** Under 4,000 parameters 0.90 is possible. Which number do you make smaller first?
# 3. **Real guests.** Write ten entries as you would write them in a real book, with irony. How many does your model read rightly? That is the difference between
#    a simulation and the world.
