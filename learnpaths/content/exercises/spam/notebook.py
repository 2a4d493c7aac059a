# %% [markdown] id="story"
# # A spam filter that may be trusted
#
# A small clinic has one mailbox for its patients. Every morning somebody sorts out by hand what is advertising, and the clinic asks you for a filter.
# It is clear about what matters: an advertisement that slips through costs a second. An *appointment* that lands in the spam folder costs a
# patient. So you will not only train a network, you will choose how sure it must be, and look apart at the good mails that look like
# advertising: newsletters, receipts, lists of offers that somebody did ask for.
#
# **Metric.** On **1,117 mails that you have not seen**: an F1 of at least **0.85** for spam; at most **3 %** of the ordinary good mails lost; at most
# **20 %** of the *hard* good mails lost.
#
# **Data card.** 5,588 real mails of 2002 from the SpamAssassin public corpus, as packaged for npm by the stdlib authors (database PDDL 1.0, contents CC0). You
# get 3,352 of them in `/data/spam/train.csv.gz`: `kind` (`easy ham`, `hard ham`, `spam`; *ham* is what is not spam) and `text`, subject and body,
# the first 200 words. Headers are left out, because they give the answer away for reasons that have nothing to do with spam; addresses, links and
# long numbers are replaced by the words `emailaddress`, `weblink` and `longnumber`. Mails with the same beginning are in once. The mails are old,
# English, and many come from lists of programmers: a filter trained on them is not ready for a clinic of today. It is real text, so some
# of it is coarse.
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

# %% id="data" role="setup"
mails = pd.read_csv("/data/spam/train.csv.gz", keep_default_na=False)
_mixed = np.random.default_rng(0).permutation(len(mails))
_valid, _train = mails.iloc[_mixed[:650]], mails.iloc[_mixed[650:]]
train_texts, train_is_spam = _train["text"].tolist(), (_train["kind"] == "spam").to_numpy()
valid_texts, valid_is_spam = _valid["text"].tolist(), (_valid["kind"] == "spam").to_numpy()
valid_kind = _valid["kind"].to_numpy()

print(len(train_texts), "mails to train on,", len(valid_texts), "for your choices")
print(mails["kind"].value_counts().to_dict())
for _kind in ("easy ham", "hard ham", "spam"):
    print(f"\n{_kind}: {_train[_train['kind'] == _kind]['text'].iloc[3][:160]}")

# %% [markdown] id="words-text"
# ## Step 1 · Cut
#
# Turn a text into a list of words. A **word** is a run of letters a to z and apostrophes, in lower case. The three signs `!`, `$` and `%` are words of their own, one
# each: advertisers shout and sell. Everything else, digits too, only separates. So `Win $500 TODAY!!` becomes `win`, `$`, `today`, `!`, `!`.

# %% id="words" role="solution" hints=["Lower the whole text first. Then the question is which runs of signs to pick out, in the order in which they come.", "re.findall with two alternatives, one for a run of letters and apostrophes, one for a single sign.", "A character class in square brackets followed by + is a run; the same without + is one sign; the vertical bar stands between two alternatives. Inside square brackets the dollar sign is an ordinary one."]
def words_of(text):
    """Return the words of a text as a list of strings, in order."""
    ### BEGIN SOLUTION
    return re.findall(r"[a-z']+|[!$%]", text.lower())
    ### END SOLUTION

# %% id="words-by-hand" role="check" points=1 title="Four texts, cut by hand"
for text_, wanted_ in (
    ("Win $500 TODAY!!", ["win", "$", "today", "!", "!"]),
    ("Re: don't panic", ["re", "don't", "panic"]),
    ("100% free-of-charge", ["%", "free", "of", "charge"]),
    ("", []),
):
    same(words_of(text_), wanted_, f"{text_!r} should become {wanted_}.")

# %% id="words-fresh" role="check" hidden=true required=true points=1 title="The same cuts in texts that you have not seen" feedback="We cut random texts with capitals, digits, apostrophes, line ends and signs, and compared the words with ours. Look at the capital letters, at !, $ and % (each one is a word of its own), and at everything else, which only separates."
for _ in range(60):
    text_ = "".join(rng.choice(list("abzAZ'!$%019 -.,:;\n\t_@é"), rng.integers(1, 40)))
    wanted_, run_ = [], ""
    for sign_ in text_.lower() + " ":
        if "a" <= sign_ <= "z" or sign_ == "'":
            run_ += sign_
            continue
        wanted_ += ([run_] if run_ else []) + ([sign_] if sign_ in "!$%" else [])
        run_ = ""
    same(words_of(text_), wanted_)

# %% [markdown] id="vocabulary-text"
# ## Step 2 · Number
#
# A network reads numbers. Give the most frequent words of some texts a number each: **2** for the most frequent word, 3 for the next, and so on. 0 is kept
# for *nothing here* (the padding of short mails) and 1 for *a word that is not in the list*. Of equally frequent words the alphabetically first comes
# first. `size` counts everything, 0 and 1 too: with `size=5` there are three words, numbered 2, 3 and 4.
#
# Then build `vocabulary` with 8,000 numbers, from the mails that may be learned from and no others.

# %% id="vocabulary" role="solution" hints=["Count first, number afterwards. What has to be sorted, and by which two things?", "A Counter over all words of all texts gives the counts. sorted with a key that is a pair (minus the count, the word) gives the order; enumerate can start at 2.", "size minus 2 words get a number. For the last line: which of the two lists of texts may the filter learn from? A word list is learned, too."]
def build_vocabulary(texts, size):
    """Return a dict from word to number, 2 for the most frequent word; all numbers are below `size`."""
    ### BEGIN SOLUTION
    counts = Counter(word for text in texts for word in words_of(text))
    ranked = sorted(counts, key=lambda word: (-counts[word], word))
    return {word: number for number, word in enumerate(ranked[: size - 2], start=2)}
    ### END SOLUTION


### BEGIN SOLUTION
vocabulary = build_vocabulary(train_texts, 8000)
### END SOLUTION
### BEGIN STARTER
# vocabulary = None  # Your code here: 8,000 numbers
### END STARTER

# %% id="vocabulary-by-hand" role="check" points=1 title="Numbers for three small texts"
texts_ = ["b a a!", "a c b", "b d"]
same(
    build_vocabulary(texts_, 10), {"a": 2, "b": 3, "!": 4, "c": 5, "d": 6},
    "a and b occur three times each and a comes first in the alphabet: a 2, b 3; the others once: ! 4, c 5, d 6.",
)
same(build_vocabulary(texts_, 5), {"a": 2, "b": 3, "!": 4}, "With size=5 the numbers 2, 3 and 4 are left for words.")

# %% id="vocabulary-is-clean" role="check" points=1 title="8,000 numbers, learned from the training mails alone"
import re

numbers_ = mapping(vocabulary, [], "The vocabulary is a dict.", more=True)
same_set(list(numbers_.values()), range(2, 8000), "The 7,998 words have the numbers 2 to 7999, each once.")
seen_ = {word_ for text_ in sequence(train_texts) for word_ in re.findall(r"[a-z']+|[!$%]", text(text_, least=0).lower())}
strange_ = sorted({text(word_, "The keys are words.") for word_ in sequence(list(numbers_))} - seen_)
assert not strange_, f"{len(strange_)} words of your list occur in no training mail, for example {strange_[:3]}. Where did they come from?"

# %% id="vocabulary-fresh" role="check" hidden=true required=true points=2 title="The right numbers for other texts, and for the training mails" feedback="We numbered the words of random texts with sizes of 2 to 12 and compared, and we built the list of the training mails ourselves. The usual reasons: equally frequent words in another order than the alphabet's, a size that does not count 0 and 1, or a list that was built from other mails or with another function."
import re
from collections import Counter


def numbered_(texts, size):
    counts_ = Counter(word_ for text_ in texts for word_ in re.findall(r"[a-z']+|[!$%]", text_.lower()))
    return {word_: n_ for n_, word_ in enumerate(sorted(counts_, key=lambda word_: (-counts_[word_], word_))[: size - 2], start=2)}


for size_ in (3, 5, 8, 12):
    texts_ = [" ".join(rng.choice(list("abcdefgh!$"), rng.integers(1, 9))) for _ in range(6)]
    same(build_vocabulary(texts_, size_), numbered_(texts_, size_))
mails_ = pd.read_csv(public("spam", "train.csv.gz"), keep_default_na=False)
same(vocabulary, numbered_(mails_["text"].iloc[np.random.default_rng(0).permutation(len(mails_))[650:]].tolist(), 8000))

# %% [markdown] id="encode-text"
# ## Step 3 · A table of numbers
#
# Each text becomes one row of `length` whole numbers: the numbers of its first words, 1 for a word without a number, and 0 up to the end of the row.

# %% id="encode" role="solution" hints=["How would a row look that has no words at all? Start from there.", "np.zeros gives the whole table; then fill the beginning of each row. A dict's get can answer for a word that it does not know.", "Cut the words of a text at the length first, then turn them into numbers, then write them into the row from the left: the part of the row behind them stays 0."]
def encode(texts, vocabulary, length=200):
    """Return an int32 array (texts, length): numbers of the first words, 1 for unknown words, 0 behind the end."""
    ### BEGIN SOLUTION
    table = np.zeros((len(texts), length), dtype="int32")
    for row, text in enumerate(texts):
        numbers = [vocabulary.get(word, 1) for word in words_of(text)[:length]]
        table[row, : len(numbers)] = numbers
    return table
    ### END SOLUTION

# %% id="encode-by-hand" role="check" points=1 title="Short, long, empty and strange texts"
table_ = encode(["free money now", "", "now now now now now", "Money?"], {"free": 2, "money": 3}, 4)
same(table_, [[2, 3, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1], [3, 0, 0, 0]], "Four texts of length 4 are a 4 × 4 table of whole numbers.")

# %% id="encode-fresh" role="check" hidden=true required=true points=2 title="The same on mails that you have not seen" feedback="We gave your function random texts with a vocabulary of our own, and compared the table with ours. Look at the vocabulary that is passed in (not your global one), at texts longer than the length, at capital letters, and at what stands behind the end of a short text."
letters_ = list("abcdefgh")
for length_ in (3, 9):
    texts_ = [" ".join("".join(rng.choice(letters_, rng.integers(1, 3))) for _ in range(rng.integers(0, 14))).title() + "!" for _ in range(40)]
    known_ = {"!": 2, **{letter_: number_ for number_, letter_ in enumerate(letters_[:5], start=3)}}
    wanted_ = np.zeros((40, length_), int)
    for row_, text_ in enumerate(texts_):
        found_ = [known_.get(word_, 1) for word_ in text_.lower().replace("!", " !").split()][:length_]
        wanted_[row_, : len(found_)] = found_
    same(encode(texts_, known_, length_), wanted_)

# %% [markdown] id="model-text"
# ## Step 4 · The network
#
# `build_model` returns a Keras model, not yet compiled, from rows of 200 numbers (0 to 7999) to **one probability** of spam. Three ideas are enough: an
# `Embedding` gives every number a short vector; something turns the 200 vectors into one, their average for instance (with `mask_zero=True` the zeros do
# not water it down); and one or two `Dense` layers decide. Then train it on `train_texts`, watch the validation loss, and keep `model` and
# `history`.

# %% id="train" role="solution" hints=["Which three kinds of layers are named in the text? Begin with keras.Input of 200 whole numbers; the labels are one number 0 or 1: what does that say about the last layer and the loss?", "An Embedding of 8,000 rows, 16 wide, then GlobalAveragePooling1D. A sigmoid at the end goes with binary_crossentropy. Five epochs of batches of 64 are a start.", "If the training loss falls and the validation loss rises, the vectors are learning single mails by heart: fewer epochs, or Dropout behind the average. If both hardly move, the learning rate is too small for so few epochs: Adam with a rate of a few thousandths is quick here."]
def build_model():
    """Return an untrained Keras model from (200,) word numbers to one probability of spam."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((200,), dtype="int32"),
            keras.layers.Embedding(8000, 16, mask_zero=True),
            keras.layers.GlobalAveragePooling1D(),
            keras.layers.Dense(16, activation="relu"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(1, activation="sigmoid"),
        ]
    )
    ### END SOLUTION


### BEGIN SOLUTION
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="binary_crossentropy", metrics=["accuracy"])
history = model.fit(
    encode(train_texts, vocabulary), train_is_spam.astype("float32"),
    validation_data=(encode(valid_texts, vocabulary), valid_is_spam.astype("float32")),
    epochs=5, batch_size=64, verbose=0,
)
### END SOLUTION
### BEGIN STARTER
# model = history = None  # Your code here
### END STARTER

# %% id="curve" role="setup"
if history is not None:
    _curves = history.history
    for _epoch in range(len(_curves["loss"])):
        print(f"epoch {_epoch + 1:2d}  " + "  ".join(f"{_name} {_values[_epoch]:.3f}" for _name, _values in _curves.items()))

# %% id="model-shape" role="check" points=1 title="From 200 numbers to one probability"
fresh_ = build_model()
assert tuple(fresh_.input_shape) == (None, 200), f"The input must be (None, 200). It is {fresh_.input_shape}."
assert tuple(fresh_.output_shape) == (None, 1), f"The output must be (None, 1), one probability for each mail. It is {fresh_.output_shape}."
outputs_ = array(model.predict(encode(valid_texts[:40], vocabulary), verbose=0), (40, 1), message="40 mails have 40 probabilities.")
assert 0 <= outputs_.min() and outputs_.max() <= 1, f"A probability lies between 0 and 1. Yours go from {outputs_.min():.2f} to {outputs_.max():.2f}."

# %% id="learned" role="check" points=1 title="It learned something"
truth_ = array(valid_is_spam, 650, "boolean")
outputs_ = array(model.predict(encode(valid_texts, vocabulary), verbose=0), (650, 1))[:, 0]
right_ = float(((outputs_ > 0.5) == truth_).mean())
assert right_ >= 0.9, f"Calling everything ham is right for 70 % of the mails. Your model is right for {right_:.0%} of the validation mails; 90 % is the least."

# %% id="learned-fresh" role="check" hidden=true required=true points=2 title="The network itself tells spam from good mails that you have not seen" feedback="We built your network again from its layers and weights and gave it the mails that were kept from you, cut and numbered by our own functions with your word list. Of a spam and a good mail, drawn at random, it must be surer of the spam in at least 95 of 100 cases. An untrained network manages about 50."
import re

held_out_ = pd.read_csv(held_out("spam", "test.csv.gz"), keep_default_na=False)
numbers_ = {text(word_): whole(n_, 0, 7999) for word_, n_ in mapping(vocabulary, [], more=True).items()}
table_ = np.zeros((len(held_out_), 200), "int32")
for row_, text_ in enumerate(held_out_["text"]):
    found_ = [numbers_.get(word_, 1) for word_ in re.findall(r"[a-z']+|[!$%]", text_.lower())[:200]]
    table_[row_, : len(found_)] = found_
sure_ = array(predict("model", table_), (len(held_out_), 1))[:, 0]
spam_ = (held_out_["kind"] == "spam").to_numpy()
higher_ = sure_[spam_][:, None] - sure_[~spam_]
assert float((higher_ > 0).mean() + (higher_ == 0).mean() / 2) >= 0.95

# %% [markdown] id="threshold-text"
# ## Step 5 · How sure is sure enough?
#
# 0.5 treats both mistakes alike. The clinic does not. Return the **smallest** threshold `t` out of 0.01, 0.02, … 0.99 for which at most the share `most_lost` of the
# *good* mails has a probability of `t` or more. If even 0.99 loses too many, return 1.0, which puts nothing into the spam folder that is not certain.

# %% id="threshold" role="solution" hints=["For one threshold, say 0.5: which mails are asked about, all of them or only the good ones? Which share of them would be lost?", "Pick out the probabilities of the mails that are not spam, once. Then go through the thresholds from small to large and stop at the first that is good enough.", "The mean of a comparison is a share. Go through np.arange(1, 100) / 100 rather than adding 0.01 again and again, and mind what to return when the loop ends without a find."]
def choose_threshold(probabilities, is_spam, most_lost=0.01):
    """Return the smallest of 0.01 … 0.99 that sends at most the share `most_lost` of the good mails to the spam folder, else 1.0."""
    ### BEGIN SOLUTION
    good = np.asarray(probabilities)[~np.asarray(is_spam, bool)]
    for threshold in np.arange(1, 100) / 100:
        if (good >= threshold).mean() <= most_lost:
            return float(threshold)
    return 1.0
    ### END SOLUTION

# %% id="threshold-by-hand" role="check" points=1 title="Six mails, worked out by hand"
probabilities_ = np.array([0.95, 0.90, 0.305, 0.605, 0.205, 0.055])
is_spam_ = np.array([True, True, True, False, False, False])
for share_, wanted_ in ((0.0, 0.61), (0.34, 0.21), (0.67, 0.06), (1.0, 0.01)):
    close(
        choose_threshold(probabilities_, is_spam_, share_), wanted_,
        f"The good mails have 0.605, 0.205 and 0.055. If at most {share_:.0%} of them may be lost, the smallest threshold is {wanted_}.",
    )

# %% id="threshold-fresh" role="check" hidden=true required=true points=2 title="The threshold is right for other mails" feedback="We compared your threshold with ours on random probabilities, also with very sure models (good mails at 0.995 and above) and with shares of 0 to 0.3. The usual reasons: the share was taken of all mails instead of the good ones, > instead of >=, or a threshold that never loses anything was not found and something other than 1.0 came back."
for case_ in range(12):
    is_spam_ = rng.random(60) < 0.4
    probabilities_ = np.where(is_spam_, rng.beta(4, 2, 60), rng.beta(2, 4, 60)).round(3)
    if case_ % 4 == 3:
        probabilities_[np.flatnonzero(~is_spam_)[:3]] = 0.995
    share_ = float(rng.choice([0.0, 0.02, 0.1, 0.3]))
    good_ = probabilities_[~is_spam_]
    wanted_ = next((k_ / 100 for k_ in range(1, 100) if (good_ >= k_ / 100).mean() <= share_), 1.0)
    close(choose_threshold(probabilities_, is_spam_, share_), wanted_)

# %% [markdown] id="filter-text"
# ## Step 6 · The filter
#
# Put it together. `find_spam` takes a list of texts and returns an array of `True` (to the spam folder) and `False`. Choose its threshold on the
# *validation* mails, with a share of good mails lost that leaves you room: what you measure on 650 mails will be a little different on others.

# %% id="filter" role="solution" hints=["What does one mail go through on its way from text to folder? You have a function for each stage.", "The threshold is chosen once, outside the function, from the model's probabilities for the validation mails. Inside: encode, predict, compare.", "predict returns a column; take its first entry of each row before comparing with >=. The number that choose_threshold returned is meant for >=, not for >."]
# The name that the checks look for: find_spam
### BEGIN SOLUTION
threshold = choose_threshold(model.predict(encode(valid_texts, vocabulary), verbose=0)[:, 0], valid_is_spam, most_lost=0.02)


def find_spam(texts):
    """Return a bool array: which of the texts go to the spam folder."""
    return model.predict(encode(texts, vocabulary), verbose=0, batch_size=256)[:, 0] >= threshold
### END SOLUTION
### BEGIN STARTER
# threshold = None  # Your code here
#
#
# def find_spam(texts):
#     """Return a bool array: which of the texts go to the spam folder."""
#     raise NotImplementedError
### END STARTER

# %% id="report" role="setup"
if model is not None and threshold is not None:
    _found = np.asarray(find_spam(valid_texts))
    print(f"threshold {threshold}; of the validation mails go to the spam folder:")
    for _kind in ("spam", "easy ham", "hard ham"):
        print(f"  {_kind:9s} {_found[valid_kind == _kind].sum():3d} of {(valid_kind == _kind).sum()}")
    for _i in np.flatnonzero(_found & ~valid_is_spam)[:3]:
        print(f"  lost ({valid_kind[_i]}): {valid_texts[_i][:110]}")

# %% id="filter-shape" role="check" points=1 title="One True or False for each mail"
found_ = find_spam(["Dear Ada, shall we meet at noon?", "Earn CASH from home!!! Click here to be removed!!! $$$ guaranteed"])
array(found_, 2, "boolean", "Two mails have two values True or False.")

# %% id="public-mails" role="examiner" before_hidden=true
# Public mails are asked for and shown before a function of the learner's has seen a hidden one.
shown_ = pd.read_csv(public("spam", "train.csv.gz"), keep_default_na=False).iloc[-300:]
sorted_ = array(find_spam(shown_["text"].tolist()), len(shown_), "boolean")
really_ = (shown_["kind"] == "spam").to_numpy()
report_examples(
    shown_["text"].tolist(),
    np.where(really_, "spam", "good").tolist(),
    np.where(sorted_, "spam", "good").tolist(),
    title="From the mails that you have",
    check="f1",
)

# %% id="held-out-mails" role="examiner"
held_out_ = pd.read_csv(held_out("spam", "test.csv.gz"), keep_default_na=False)
held_out_kind_ = held_out_["kind"].to_numpy()
held_out_found_ = None


def sorted_out_():
    """Ask the learner's filter once, in an order that tells nothing; return a bool for each held-out mail."""
    order_ = rng.permutation(len(held_out_))
    found_ = array(find_spam(held_out_["text"].iloc[order_].tolist()), len(held_out_), "boolean")
    answer_ = np.empty(len(held_out_), bool)
    answer_[order_] = found_
    return answer_

# %% id="f1" role="check" hidden=true points=4 required=true title="F1 of at least 0.85 on 1,117 mails that you have not seen" feedback="Your filter sorted mails that were kept from you. F1, the harmonic mean of precision and recall for spam, was under 0.85 (or the answer was not one True or False for each mail). If your own validation numbers are good, look at what find_spam does with texts that it sees for the first time; if they are not, the network was trained too briefly, too long, or the threshold is far too careful."
held_out_found_ = sorted_out_()
truth_ = held_out_kind_ == "spam"
f1_ = float(2 * (held_out_found_ & truth_).sum() / max(1, held_out_found_.sum() + truth_.sum()))
report_metric("held-out F1", f1_, threshold=0.85)
report_confusion(truth_, held_out_found_, labels=["good", "spam"], title="Where 1,117 hidden mails went")
report_slices(held_out_found_ == truth_, held_out_kind_, title="Right by kind of mail")
assert f1_ >= 0.85

# %% id="good-mails" role="check" hidden=true points=2 required=true title="At most 3 % of the ordinary good mails lost" feedback="More than 3 % of the 736 ordinary good mails went to the spam folder, or less than half of the spam was found: a filter that finds nothing loses nothing. Choose the threshold on the validation mails, and leave room: with a share of 1 or 2 % there you will usually stay under 3 % here."
if held_out_found_ is None:
    held_out_found_ = sorted_out_()
found_ = array(held_out_found_, len(held_out_), "boolean")
lost_ = float(found_[held_out_kind_ == "easy ham"].mean())
report_metric("good mails lost", lost_, threshold=0.03, better="lower")
assert lost_ <= 0.03 and found_[held_out_kind_ == "spam"].mean() >= 0.5

# %% id="hard-mails" role="check" hidden=true points=2 required=true title="At most 20 % of the hard good mails lost" feedback="More than 20 % of the 47 hard good mails (newsletters, receipts, offers that were asked for) went to the spam folder, or less than half of the spam was found. They share words with spam. A more careful threshold helps at once; a network that looks at more than a few loud words helps in the long run."
if held_out_found_ is None:
    held_out_found_ = sorted_out_()
found_ = array(held_out_found_, len(held_out_), "boolean")
hard_lost_ = float(found_[held_out_kind_ == "hard ham"].mean())
report_metric("hard good mails lost", hard_lost_, threshold=0.20, better="lower")
assert hard_lost_ <= 0.20 and found_[held_out_kind_ == "spam"].mean() >= 0.5

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **Spell it differently.** `fr3e m0ney` slips through every word list. Cut into runs of three letters instead of words. What happens to F1, and to `v1agra`?
# 2. **A price for each mistake.** Let a lost good mail cost 50 and a spam in the inbox 1. Which threshold is cheapest on the validation mails?
# 3. **Why?** Leave out the words of one lost newsletter one by one and look which one moves the probability most.
