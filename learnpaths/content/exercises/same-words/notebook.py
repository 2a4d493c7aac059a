# %% [markdown] id="story"
# # The same words
#
# A program that sorts guest books is for sale, and the wardens' association wants to see it read before it pays. Its oldest member has a test of her own: two entries made of **the same words**, one from a
# guest who is content, one from a guest who is cross. *"The soup was good. The bed was not damp."* and *"The soup was not good. The bed was damp."* Who says the same to both has not read them.
# You will write her test, a reader that passes it, and the report that says where the reader is weakest.
#
# **Metric.** On **1,500 entries that nobody has been given**: accuracy at least **0.78**. And of **240 pairs** with the same words at least the share **0.5** must be told apart.
#
# **Data card.** SIMULATED: entries of hut books that a program of ours wrote, half of them complaints; the label is the sign of what an entry says about the hut, and what it says about the weather or another house does not count. 6,000 of them are in
# `/data/guest-books/train.csv.gz`: `text`, `label` (here **0 is a complaint**, 1 praise) and `forms`, the figures of speech in it. The pairs are made by the examiner from the same words. Real guests are less regular.
#
# **Limits.** 90 seconds of CPU time; about ten are enough. TensorFlow 2.21 and Keras 3. To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*.

# %% id="imports" role="setup"
import keras
import numpy as np
import pandas as pd

SEED = 7
keras.utils.set_random_seed(SEED)
entries = pd.read_csv("/data/guest-books/train.csv.gz")
train, own = entries.iloc[:5200], entries.iloc[5200:]
print(len(train), "to train,", len(own), "for your choices; the longest has", entries["text"].str.split().str.len().max(), "words")

# %% [markdown] id="told-text"
# ## Task 1 · Her test
#
# `told_apart` gets two rows of probabilities of a **complaint**: what a reader says to the cross entry of each pair, and what it says to the content one. A pair is told apart if the cross entry is **above** one half **and** the content one **below** it. Return the share of
# the pairs that are.

# %% id="told" role="solution" hints=["Two conditions for each pair. Must one of them hold, or both?", "Comparisons give arrays of True and False; & joins them pair by pair.", "The mean of the joined array is the share."]
def told_apart(cross, content):
    """Return the share of pairs whose cross entry is above 0.5 and whose content entry is below it."""
    ### BEGIN SOLUTION
    return float(((np.asarray(cross) > 0.5) & (np.asarray(content) < 0.5)).mean())
    ### END SOLUTION

# %% id="told-by-hand" role="check" points=2 title="Four pairs, by hand"
for cross_, content_, wanted_ in (
    ([0.9, 0.6, 0.4, 0.7], [0.1, 0.4, 0.2, 0.6], 0.5),
    ([0.9, 0.5, 0.8, 0.7], [0.5, 0.1, 0.2, 0.3], 0.5),
    ([0.2, 0.1, 0.3, 0.4], [0.8, 0.9, 0.6, 0.7], 0.0),
):
    close(told_apart(np.array(cross_), np.array(content_)), wanted_, f"Cross entries {cross_}, content ones {content_}: the share is {wanted_}.")

# %% id="told-fresh" role="check" hidden=true required=true points=1 title="Other pairs" feedback="On random probabilities your share differed from ours. Both halves of a pair must be on their own side of one half; exactly one half is on neither side."
for _ in range(6):
    cross_, content_ = rng.random(80).round(1), rng.random(80).round(1)
    wanted_ = sum(a_ > 0.5 and b_ < 0.5 for a_, b_ in zip(cross_, content_)) / 80
    close(told_apart(cross_, content_), wanted_)

# %% [markdown] id="reader-text"
# ## Task 2 · The reader
#
# Write `complaint(texts)`: a list of raw texts in, for each of them **one probability that it is a complaint** out. Cutting, numbering and training are yours. Do not lose the order before something has looked at neighbours; a figure of
# speech spans up to nine words.

# %% id="reader" role="solution" hints=["Three stages: words to numbers, numbers to vectors and neighbours to patterns, patterns to one probability. Which value should the labels have for a complaint?", "TextVectorization with an output_sequence_length, an Embedding, a Conv1D that is wide enough, GlobalMaxPooling1D.", "Some 64 filters, Adam at a few thousandths and three epochs are enough. predict gives a column; return its first entry of each row."]
# The name that the checks look for: complaint
### BEGIN SOLUTION
words = keras.layers.TextVectorization(output_sequence_length=60)
words.adapt(train["text"].tolist())
model = keras.Sequential(
    [
        keras.Input((60,), dtype="int64"),
        keras.layers.Embedding(words.vocabulary_size(), 32),
        keras.layers.Conv1D(64, 7, padding="same", activation="relu"),
        keras.layers.GlobalMaxPooling1D(),
        keras.layers.Dropout(0.3),
        keras.layers.Dense(1, activation="sigmoid"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.004), loss="binary_crossentropy")
model.fit(np.asarray(words(train["text"].tolist())), (train["label"] == 0).to_numpy("float32"), epochs=3, batch_size=64, verbose=0)


def complaint(texts):
    """Return the probability of a complaint, float (n,), for a list of n raw texts."""
    return model.predict(np.asarray(words(list(texts))), verbose=0, batch_size=256)[:, 0]
### END SOLUTION
### BEGIN STARTER
# def complaint(texts):
#     """Return the probability of a complaint, float (n,), for a list of n raw texts."""
#     raise NotImplementedError
### END STARTER

# %% id="one-each" role="check" points=1 title="One probability for each text"
came_ = array(complaint(["The soup was stale.", "We counted nine goats.", "A quiet room!"]), 3, message="Three texts have three probabilities.")
assert 0 <= came_.min() and came_.max() <= 1, f"A probability lies between 0 and 1. Yours go from {came_.min():.2f} to {came_.max():.2f}."

# %% id="the-pairs" role="examiner"
THINGS_ = (
    ("warden host staff cook", "friendly kind patient", "rude unfriendly grumpy"),
    ("soup breakfast stew bread", "tasty hearty good", "stale bland awful"),
    ("room bed dormitory cellar", "quiet clean airy", "noisy damp dirty"),
    ("blanket pillow mattress towel", "warm tidy comfortable", "cold filthy smelly"),
)
PATTERNS_ = {
    "not": ("The {a} was {good}. The {b} was not {poor_b}.", "The {a} was not {good}. The {b} was {poor_b}."),
    "but": ("The {a} was {poor} but the {b} was {good_b}.", "The {b} was {good_b} but the {a} was {poor}."),
    "although": ("Although the {a} was {poor} the {b} was {good_b}.", "Although the {b} was {good_b} the {a} was {poor}."),
    "used to be": ("The {a} used to be {poor} and is now {good}.", "The {a} used to be {good} and is now {poor}."),
}


def pairs_(count):
    """Return content entries, cross entries and the pattern of each; the two entries of a pair have the same words."""
    content_, cross_, names_ = [], [], []
    for number_ in range(count):
        name_ = list(PATTERNS_)[number_ % 4]
        one_, two_ = (THINGS_[place_] for place_ in rng.choice(4, 2, replace=False))
        draw_ = {key_: str(rng.choice(words_.split())) for key_, words_ in zip(("a", "good", "poor", "b", "good_b", "poor_b"), one_ + two_)}
        content_.append(PATTERNS_[name_][0].format(**draw_))
        cross_.append(PATTERNS_[name_][1].format(**draw_))
        names_.append(name_)
    return content_, cross_, names_

# %% id="accuracy" role="check" hidden=true points=4 required=true title="1,500 entries that nobody has been given" feedback="We let complaint() read 1,500 entries that nobody has been given, and took what is above one half for a complaint. Less than 0.78 were right. Near 0.05: praise and complaint are exchanged. Near 0.6: the order is lost before anything looks at neighbours."
hidden_ = pd.read_csv(held_out("guest-books", "exam.csv.gz"))
order_ = rng.permutation(len(hidden_))
said_ = np.empty(len(hidden_))
said_[order_] = array(complaint(hidden_["text"].iloc[order_].tolist()), len(hidden_))
assert 0 <= said_.min() and said_.max() <= 1
truth_ = (hidden_["label"] == 0).to_numpy()
right_ = (said_ > 0.5) == truth_
report_metric("held-out accuracy", float(right_.mean()), threshold=0.78)
report_confusion(truth_.astype(int), (said_ > 0.5).astype(int), labels=["praise", "complaint"], title="What your reader took for what, on 1,500 hidden entries")
marks_ = [(mark_, form_) for mark_, forms_ in zip(right_, hidden_["forms"]) for form_ in forms_.split()]
report_slices([mark_ for mark_, _ in marks_], [form_ for _, form_ in marks_], title="By figure of speech (an entry can count for several)")
assert right_.mean() >= 0.78

# %% id="pairs" role="check" hidden=true requires=["reader"] points=4 required=true title="240 pairs with the same words" feedback="We made 240 pairs of entries with the same words and asked complaint() about all of them. Fewer than half were told apart, each entry on its own side of one half. A reader that adds or averages words says the same to both entries of a pair."
content_, cross_, names_ = pairs_(240)
came_ = array(complaint(content_ + cross_), 480)
assert 0 <= came_.min() and came_.max() <= 1
apart_ = (came_[240:] > 0.5) & (came_[:240] < 0.5)
report_metric("pairs told apart", float(apart_.mean()), threshold=0.5)
report_slices(apart_, names_, metric="told apart", title="By what turns the meaning")
assert apart_.mean() >= 0.5

# %% [markdown] id="worst-text"
# ## Task 3 · Where it is weakest
#
# `forms` names the figures of speech of each entry, separated by spaces. `worst_form(forms, right, least)` returns **the name and the accuracy** of the figure of speech with the lowest accuracy, as a pair. An entry counts for each figure in it. Figures that occur in fewer than `least` entries are
# left out, since three entries prove nothing. If two are equally bad, it is the one with more entries; if none is left, `None`.

# %% id="worst" role="solution" hints=["First collect, under each name, whether the entries that have it were right. Then choose.", "A dict of lists. A name is one of forms.split(), not a part of the string.", "min with a key that is a pair, the accuracy and minus the number of entries, does both rules at once; default=None covers the empty case."]
def worst_form(forms, right, least):
    """Return (name, accuracy) of the figure of speech with the lowest accuracy among those with at least `least` entries, or None."""
    ### BEGIN SOLUTION
    notes = {}
    for names, is_right in zip(forms, right):
        for name in names.split():
            notes.setdefault(name, []).append(bool(is_right))
    found = [(name, float(np.mean(marks)), len(marks)) for name, marks in notes.items() if len(marks) >= least]
    worst = min(found, key=lambda item: (item[1], -item[2]), default=None)
    return worst and worst[:2]
    ### END SOLUTION

# %% id="worst-by-hand" role="check" points=1 title="Six entries, by hand"
forms_ = ["plain", "negation plain", "negation", "contrast", "negation plain", "negation"]
marks_ = np.array([True, False, True, False, False, True])
for least_, name_, accuracy_ in ((1, "contrast", 0.0), (2, "plain", 1 / 3), (4, "negation", 0.5)):
    came_ = sequence(worst_form(forms_, marks_, least_), 2, f"With at least {least_} entries it is a pair, {name_} and {accuracy_:.3f}.")
    same(came_[0], name_, f"With at least {least_} entries:")
    close(came_[1], accuracy_, f"With at least {least_} entries:")
same(worst_form(forms_, marks_, 5), None, "No figure of speech has 5 entries: None.")

# %% id="worst-fresh" role="check" hidden=true points=2 required=true title="The weakest of other readers" feedback="On random entries your answer differed from ours. Each figure of an entry counts, also the second; one name may be part of another; figures with too few entries are left out before the worst one is chosen; of two that are equally bad the one with more entries is named."
compared_ = 0
while compared_ < 6:
    names_ = np.array(["irony", "no-irony", "plain", "contrast", "dialect"])
    forms_ = [" ".join(rng.choice(names_, rng.integers(1, 4), replace=False, p=[0.3, 0.25, 0.2, 0.2, 0.05])) for _ in range(40)]
    marks_ = rng.random(40) < 0.6
    found_ = []
    for name_ in names_:
        has_ = np.array([name_ in form_.split() for form_ in forms_])
        if has_.sum() >= (1, 8, 15)[compared_ % 3]:
            found_.append((float(marks_[has_].mean()), -int(has_.sum()), str(name_)))
    found_.sort()
    if not found_ or found_[0][:2] in [item_[:2] for item_ in found_[1:]]:
        continue  # nothing to name, or two that are equally right: drawn again
    came_ = sequence(worst_form(forms_, marks_, (1, 8, 15)[compared_ % 3]), 2)
    same(came_[0], found_[0][2])
    close(came_[1], found_[0][0])
    compared_ += 1
same(worst_form(["plain", "irony"], np.array([True, False]), 3), None)
