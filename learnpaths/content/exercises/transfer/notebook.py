# %% [markdown] id="story"
# # Eight examples of each
#
# An archive has fourteen large pictures in fragments: a temple, a cat, a field of gravel. Somebody has sorted **eight fragments of each** by hand and has no time
# for more. A network that learns from 112 small grey squares alone learns little. So you will borrow the eyes of another one, prove that nobody changed
# them, and train only the layer that says the names.
#
# **Metric.** Accuracy on **420 fragments that you have not seen**, mean of **three episodes**: three times eight other examples of each, a fresh head,
# the same 420 fragments. At least **0.55**. Your finished model, with the examples that you drew, must reach **0.55** too; and the backbone in it must be,
# bit for bit, the one that you got: of its 692,688 weights **0** may have changed. What you train yourself has at most **20,000** parameters.
#
# **Data card.** Fragments, 64 × 64, grey, of fourteen sample pictures of scikit-image and scikit-learn (CC0, public domain, no known restrictions, two CC BY 2.0 by danielbuechele and from
# flickr.com/photos/vultilion; the card of `scenes` names each). You get 560 in `/data/scenes/fragments.npz`, all from the **left** 60 % of the pictures; the examiner's come from the
# right 40 %: other coins, other branches, the same photographer. It measures the sorting of fragments and not the recognition of things. The backbone is the lower eleven
# blocks of EfficientNet-Lite0 (Google, 2020; Apache 2.0), trained on photographs from the web with all their biases.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21 and Keras 3.
#
# To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*. The examiner builds your networks again from their layers and weights, so use Keras' own layers.

# %% id="imports" role="setup"
import hashlib

import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)

# %% id="data" role="setup"
with np.load("/data/scenes/fragments.npz") as _file:
    fragments, labels, names = _file["fragments"], _file["labels"].astype("int64"), [str(_name) for _name in _file["names"]]


def load_backbone():
    """Return the borrowed network: images (n, height, width, 3) in its habit to maps of 112 channels, a sixteenth as high and wide."""
    with open("/data/efficientnet-lite0/architecture.json") as file:
        model = keras.models.model_from_json(file.read())
    with np.load("/data/efficientnet-lite0/weights.npz") as file:
        model.set_weights([file[name].astype("float32") for name in file.files])
    return model


backbone = load_backbone()
print(fragments.shape, fragments.dtype, "from", ", ".join(names))
print(f"{backbone.count_params():,} parameters, {len(backbone.trainable_variables)} trainable arrays")

# %% [markdown] id="habit-text"
# ## Step 1 · Its habit
#
# The backbone was trained on colour pictures whose values had been turned into `(value − 127) / 128`. Turn grey fragments into what it knows: the same grey
# three times, in that scale, as float32. This function is for your understanding and for tests; in the model, layers will do the same.

# %% id="habit" role="solution" hints=["Two things change: the scale of the values, and the number of axes. What is the type of the values at the start?", "Make floats first: unsigned bytes have no numbers below 0. A new last axis comes with [..., None].", "np.repeat along the last axis makes three channels out of one."]
def to_habit(images):
    """Return uint8 (n, height, width) as float32 (n, height, width, 3), each value as (value - 127) / 128."""
    ### BEGIN SOLUTION
    scaled = (images.astype("float32") - 127) / 128
    return np.repeat(scaled[..., None], 3, axis=-1)
    ### END SOLUTION

# %% id="habit-by-hand" role="check" points=1 title="Black, middle grey and white"
came_ = array(to_habit(np.array([[[0, 127, 255]]], dtype="uint8")), (1, 1, 3, 3), message="One row of three values becomes three values of three channels.")
assert came_.dtype == np.float32, f"The values should be float32. They are {came_.dtype}."
close(came_[0, 0, :, 0], [-127 / 128, 0, 1], "0, 127 and 255 should become −0.992, 0 and 1.")
for channel_ in (1, 2):
    close(came_[..., channel_], came_[..., 0], "All three channels should hold the same grey.")

# %% id="habit-fresh" role="check" hidden=true points=1 required=true title="The habit on other pictures" feedback="On random bytes your array differed from ours: (value − 127) / 128, computed with floats, three equal channels last."
images_ = rng.integers(0, 256, (3, 5, 4), dtype="uint8")
close(to_habit(images_), ((images_.astype(float) - 127) / 128)[..., None] * np.ones(3), atol=1e-5)

# %% [markdown] id="fingerprint-text"
# ## Step 2 · A seal on the borrowed part
#
# *Frozen* is easily said. Write a **fingerprint**: SHA-256 over the bytes of all arrays, one after the other, as 64 hexadecimal digits. If one weight of 692,688 changes in its last
# bit, so does the fingerprint.

# %% id="fingerprint" role="solution" hints=["A hash object can be fed piece by piece. What are the pieces?", "hashlib.sha256() makes one; its update method takes bytes. An array gives its bytes with tobytes().", "Loop over the arrays in order, feed the bytes of each, and return what hexdigest() says. The text of an array will not do: long ones are shortened."]
def fingerprint(arrays):
    """Return SHA-256, as 64 hexadecimal digits, over the bytes of all arrays of a list in order."""
    ### BEGIN SOLUTION
    digest = hashlib.sha256()
    for array in arrays:
        digest.update(array.tobytes())
    return digest.hexdigest()
    ### END SOLUTION

# %% id="fingerprint-by-hand" role="check" points=1 title="Two small arrays, and the same with two numbers exchanged"
import hashlib

arrays_ = [np.array([1.0, 2.0], "float32"), np.array([3.0], "float32")]
wanted_ = hashlib.sha256(np.array([1, 2, 3], "float32").tobytes()).hexdigest()
came_ = text(fingerprint(arrays_), "A fingerprint is a text.", least=64)
assert came_ != text(fingerprint([np.array([2.0, 1.0], "float32"), arrays_[1]])), "With two weights exchanged the fingerprint must change."
same(came_, wanted_, "The bytes of both arrays, in order, make the fingerprint. Are bytes fed in, or a text?")

# %% id="fingerprint-fresh" role="check" hidden=true points=1 required=true title="One bit in an array of five thousand" feedback="We compared your fingerprint with ours on larger arrays, and on the same with one number changed a little. Are all bytes of all arrays fed in, in order?"
arrays_ = [rng.normal(size=(5000,)).astype("float32"), rng.normal(size=(3, 4)).astype("float32")]
same(fingerprint(arrays_), hashlib.sha256(arrays_[0].tobytes() + arrays_[1].tobytes()).hexdigest())
changed_ = arrays_[0].copy()
changed_[2500] = np.nextafter(changed_[2500], np.float32(9))
same(fingerprint([changed_, arrays_[1]]), hashlib.sha256(changed_.tobytes() + arrays_[1].tobytes()).hexdigest())

# %% [markdown] id="extractor-text"
# ## Step 3 · Eyes without a mouth
#
# `build_extractor` joins, as one Keras model from **raw** fragments (64, 64, 1) to **112 features**:
#
# 1. the habit, as a layer: `Rescaling(1 / 128, offset=-127 / 128)`;
# 2. `Resizing(96, 96)`: small things are then as large as the backbone knows them;
# 3. the same channel three times (`Concatenate`);
# 4. the backbone, **frozen**;
# 5. `GlobalAveragePooling2D`: how much of each pattern there is, and not where.
#
# A frozen backbone gives the same features each time, so the cell below yours computes them once.

# %% id="extractor" role="solution" hints=["This is no Sequential: one thing goes in three times. Which way of building models allows that?", "Begin with keras.Input((64, 64, 1)), call each layer on what the one before gave you, and end with keras.Model(inputs, outputs). When is the right moment to freeze?", "Set trainable of the backbone to False before anything is built on it. Concatenate takes a list: the same channel, three times."]
def build_extractor(backbone):
    """Return a Keras model from raw (64, 64, 1) fragments to 112 features over the frozen backbone."""
    ### BEGIN SOLUTION
    backbone.trainable = False
    inputs = keras.Input((64, 64, 1))
    x = keras.layers.Rescaling(1 / 128, offset=-127 / 128)(inputs)
    x = keras.layers.Resizing(96, 96)(x)
    x = keras.layers.Concatenate()([x, x, x])
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(backbone(x)))
    ### END SOLUTION

# %% id="features" role="setup"
try:
    extractor = build_extractor(backbone)
    features = extractor.predict(fragments[..., None], verbose=0)
    print("features", features.shape, "between", features.min().round(2), "and", features.max().round(2))
except NotImplementedError:
    extractor = features = None
    print("Step 3 is still empty.")

# %% id="frozen" role="check" points=1 title="112 features, and nothing left to train"
fresh_ = build_extractor(load_backbone())
same(fresh_.input_shape, (None, 64, 64, 1), "The input must be raw fragments, (64, 64, 1).")
same(fresh_.output_shape, (None, 112), "The output must be 112 features.")
trainable_ = len(fresh_.trainable_variables)
assert trainable_ == 0, f"{trainable_} arrays could still be trained. Freeze the backbone."
same(fresh_.count_params(), 692_688, "The backbone has 692,688 parameters, and the layers around it none.")

# %% id="examiners-eyes" role="examiner"
with np.load(held_out("scenes", "fragments.npz")) as file_:
    new_fragments_, new_labels_, names_ = file_["fragments"], file_["labels"].astype("int64"), [str(name_) for name_ in file_["names"]]
with np.load(public("scenes", "fragments.npz")) as file_:
    old_fragments_, old_labels_ = file_["fragments"], file_["labels"].astype("int64")
with open(public("efficientnet-lite0", "architecture.json")) as file_:
    eyes_ = keras.models.model_from_json(file_.read())
with np.load(public("efficientnet-lite0", "weights.npz")) as file_:
    sealed_ = [file_[name_].astype("float32") for name_ in file_.files]
eyes_.set_weights(sealed_)
extractor_ = None


def look_(images):
    """Return our own features of raw fragments, with the weights that eyes_ has now."""
    habit_ = keras.layers.Resizing(96, 96)((images[..., None].astype("float32") - 127) / 128)
    return np.asarray(eyes_.predict(np.repeat(np.asarray(habit_), 3, axis=-1), verbose=0)).mean(axis=(1, 2))


def see_(images):
    """Return the learner's features of raw fragments, computed here."""
    global extractor_
    extractor_ = extractor_ or rebuild("extractor")
    return array(extractor_.predict(images[..., None], verbose=0), (len(images), 112))


def differing_(mine, theirs):
    """Return in how many places two arrays differ in a bit; in all of them where they are not alike in shape and type."""
    mine, theirs = array(mine, finite=False), array(theirs, finite=False)
    is_alike = mine.shape == theirs.shape and mine.dtype == theirs.dtype
    return int((np.ascontiguousarray(mine).view("uint32") != np.ascontiguousarray(theirs).view("uint32")).sum()) if is_alike else theirs.size

# %% id="features-fresh" role="check" hidden=true points=2 required=true requires=["extractor"] title="The features of fragments that you have not seen" feedback="We gave 40 hidden fragments to your extractor and to ours, and then to another one, which your build_extractor made of a backbone with other weights. The features differed, or something could still be trained. Nothing complains when the scale is wrong: is the Rescaling there, before the backbone, and with its offset? Are the fragments enlarged to 96 × 96, and the maps averaged? Is the backbone the one that is passed in?"
close(see_(new_fragments_[:40]), look_(new_fragments_[:40]), rtol=0, atol=0.01)
others_ = [array_ * rng.uniform(0.97, 1.03, array_.shape).astype("float32") for array_ in sealed_]
borrowed_ = load_backbone()
borrowed_.set_weights(others_)
built_ = build_extractor(borrowed_)
assert len(built_.trainable_variables) == 0
came_ = array(rebuild(built_).predict(old_fragments_[:40, ..., None], verbose=0), (40, 112))
eyes_.set_weights(others_)
wanted_ = look_(old_fragments_[:40])
eyes_.set_weights(sealed_)
close(came_, wanted_, rtol=0, atol=0.01)

# %% [markdown] id="shots-text"
# ## Step 4 · Eight of each
#
# Draw the examples: `shots` different rows of each kind, other ones for another seed, the same ones for the same seed. Return the row numbers, kind after kind.

# %% id="shots" role="solution" hints=["How do you get the row numbers of one kind? And how do you draw from them so that none comes twice?", "np.flatnonzero of a mask gives row numbers. A NumPy generator made from the seed has a method choice, which draws with replacement unless you forbid it.", "Make one generator, loop over range(kinds), draw from the rows of each kind with replace=False, and join the pieces with np.concatenate."]
def choose_shots(labels, shots, seed, kinds=14):
    """Return an int array (kinds * shots,): `shots` different row numbers of each kind, drawn with the seed, kind after kind."""
    ### BEGIN SOLUTION
    generator = np.random.default_rng(seed)
    return np.concatenate([generator.choice(np.flatnonzero(labels == kind), shots, replace=False) for kind in range(kinds)])
    ### END SOLUTION

# %% id="shots-by-hand" role="check" points=1 title="Two of each of three kinds"
labels_ = np.array([2, 0, 1, 0, 1, 2, 0, 2, 1, 0, 1, 2])
drawn_ = [array(choose_shots(labels_, 2, seed_, kinds=3), 6, "integer", "Three kinds, two of each: six row numbers.") for seed_ in range(6)]
for rows_ in drawn_:
    assert 0 <= rows_.min() and rows_.max() < 12, f"Twelve labels have the row numbers 0 to 11. You returned {rows_.tolist()}."
    same(labels_[rows_], [0, 0, 1, 1, 2, 2], f"The rows should be of the kinds 0, 0, 1, 1, 2, 2. The rows are {rows_.tolist()}.")
assert len({tuple(rows_.tolist()) for rows_ in drawn_}) > 1, "Six seeds gave the same rows each time."
same(choose_shots(labels_, 2, 5, kinds=3), drawn_[5], "The same seed gave other rows the second time.")

# %% id="shots-fresh" role="check" hidden=true points=1 required=true title="No example twice, and every row has its chance" feedback="Over 40 seeds we looked whether a row came twice within a draw, whether all were of the right kind, whether the same seed gave the same rows, and whether every row was drawn at some time."
labels_ = rng.permutation(np.repeat(np.arange(5), 9))
seen_ = set()
for seed_ in range(40):
    rows_ = array(choose_shots(labels_, 6, seed_, kinds=5), 30, "integer")
    assert 0 <= rows_.min() and rows_.max() < 45 and len(set(rows_.tolist())) == 30
    same(labels_[rows_], np.repeat(np.arange(5), 6))
    seen_ |= set(rows_.tolist())
assert len(seen_) == 45
same(choose_shots(labels_, 6, 39, kinds=5), rows_)

# %% [markdown] id="nearest-text"
# ## Step 5 · Before any training
#
# Standardise with mean and standard deviation (plus `1e-6`) **of the known rows**, each feature by itself; then a new row belongs to the kind whose mean is nearest (sum of
# squared differences; of equally near ones the smaller number). This takes no gradient and no epoch. What you train afterwards has to beat it.

# %% id="nearest" role="solution" hints=["Which rows may say what is large and what is small? The new ones come one by one.", "centre and spread of the known rows, axis=0; scale both with them; one mean for each kind; then the differences of each new row to each mean.", "new[:, None] - means has the shape (new rows, kinds, features). Square, sum over the last axis, argmin over the kinds."]
def nearest_mean(known, known_labels, new, kinds=14):
    """Return an int array (new rows,): for each new row of features the kind whose mean is nearest, in standardised features."""
    ### BEGIN SOLUTION
    centre, spread = known.mean(axis=0), known.std(axis=0) + 1e-6
    known, new = (known - centre) / spread, (new - centre) / spread
    means = np.stack([known[known_labels == kind].mean(axis=0) for kind in range(kinds)])
    return ((new[:, None] - means) ** 2).sum(axis=2).argmin(axis=1)
    ### END SOLUTION

# %% id="nearest-score" role="setup"
shots = others = None
try:
    if features is not None:
        shots = np.asarray(choose_shots(labels, 8, SEED))
        others = np.setdiff1d(np.arange(len(labels)), shots)
        print(f"nearest mean: {(nearest_mean(features[shots], labels[shots], features[others]) == labels[others]).mean():.3f} of the other fragments of the left side")
except NotImplementedError:
    print("Step 4 or 5 is still empty.")

# %% id="nearest-by-hand" role="check" points=1 title="Two kinds, two features of very different size"
known_ = np.array([[0.0, 100.0], [0.2, 300.0], [1.0, 120.0], [1.2, 280.0]])
same(
    nearest_mean(known_, np.array([0, 0, 1, 1]), np.array([[0.1, 290.0], [1.1, 110.0]]), kinds=2), [0, 1],
    "The first feature tells the kinds apart: 0, 1. Is each feature divided by its own spread?",
)
same(
    nearest_mean(known_, np.array([0, 0, 1, 1]), np.array([[1.1, 110.0]]), kinds=2), [1],
    "A new row that comes alone should get the same answer, 1. Whose mean and spread do you use?",
)

# %% id="nearest-fresh" role="check" hidden=true points=1 required=true title="The nearest mean on other rows" feedback="On random rows your kinds differed from ours. Mean and spread come from the known rows alone, feature by feature; distances are sums of squares."
for _ in range(4):
    known_, new_ = rng.normal(size=(40, 6)) * 10.0 ** np.arange(-2, 4), rng.normal(1, 2, size=(25, 6)) * 10.0 ** np.arange(-2, 4)
    kind_of_ = np.arange(40) % 4
    scale_, middle_ = known_.std(axis=0) + 1e-6, known_.mean(axis=0)
    means_ = np.stack([((known_ - middle_) / scale_)[kind_of_ == kind_].mean(axis=0) for kind_ in range(4)])
    same(nearest_mean(known_, kind_of_, new_, kinds=4), [int((((row_ - middle_) / scale_ - means_) ** 2).sum(axis=1).argmin()) for row_ in new_])

# %% [markdown] id="head-text"
# ## Step 6 · One thin layer
#
# `fit_head` gets features (n, 112) and labels, builds a small Keras model from 112 features to 14 probabilities with at most **20,000 parameters**, trains it on them and returns it. It
# is called three more times by the examiner, each time with 112 other rows, of pictures with other numbers, so it has to work without your watching.

# %% id="head" role="solution" hints=["The features have different sizes. Which layer evens that out, and learns how while it trains?", "BatchNormalization(momentum=0.9), some Dropout, Dense with 14 outputs and a softmax. With so few rows a step may take all of them at once.", "Adam with a rate of 0.02, 60 epochs, batch_size=112: a second or two. Fewer epochs, and the running means of BatchNormalization lag behind."]
def fit_head(features, labels):
    """Return a Keras model from 112 features to 14 probabilities, at most 20,000 parameters, trained on the given rows."""
    ### BEGIN SOLUTION
    head = keras.Sequential(
        [
            keras.Input((112,)),
            keras.layers.BatchNormalization(momentum=0.9),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(14, activation="softmax"),
        ]
    )
    head.compile(optimizer=keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
    head.fit(features, labels, epochs=60, batch_size=112, verbose=0)
    return head
    ### END SOLUTION

# %% id="fit" role="setup"
head = None
if shots is not None:
    try:
        keras.utils.set_random_seed(SEED)
        head = fit_head(features[shots], labels[shots])
        print(f"thin layer: {(head.predict(features[others], verbose=0).argmax(1) == labels[others]).mean():.3f} of the other fragments of the left side")
    except NotImplementedError:
        print("Step 6 is still empty.")

# %% id="knows-its-shots" role="check" points=1 title="Thin, and it knows the examples that it was shown" requires=["extractor", "shots", "head"]
parameters_ = whole(head.count_params())
assert parameters_ <= 20_000, f"A head has at most 20,000 parameters. Yours has {parameters_:,}."
rows_ = array(shots, 112, "integer")
outputs_ = array(head.predict(array(features, (560, 112))[rows_], verbose=0), (112, 14), message="For 112 rows the head must give 14 probabilities each.")
close(outputs_.sum(axis=1), np.ones(112), "The 14 probabilities of a row sum to 1.", atol=1e-3)
share_ = float((outputs_.argmax(axis=1) == array(labels, 560)[rows_]).mean())
assert share_ >= 0.9, f"Of the 112 examples that it was trained on, it knows {share_:.0%}; 90 % is the least."

# %% id="episodes" role="check" hidden=true points=4 required=true title="Three episodes on 420 fragments that you have not seen" requires=["head"] feedback="Three times we drew eight examples of each picture, gave the pictures other numbers each time, took your extractor's features of the examples, let your fit_head train, and asked the head about 420 fragments from the other side of the pictures. The mean accuracy was under 0.55, or a head had more than 20,000 parameters. Far below: are the features right, and does the head train anew and long enough when it is called again, on the labels that it gets? A little below: too large a head learns 112 rows by heart."
old_seen_, new_seen_ = see_(old_fragments_), see_(new_fragments_)
scores_, sizes_ = [], []
for _ in range(3):
    number_of_ = rng.permutation(14)
    rows_ = np.concatenate([rng.choice(np.flatnonzero(old_labels_ == kind_), 8, replace=False) for kind_ in range(14)])
    head_ = rebuild(fit_head(old_seen_[rows_], number_of_[old_labels_[rows_]]))
    sizes_.append(head_.count_params())
    said_ = array(head_.predict(new_seen_, verbose=0), (len(new_seen_), 14)).argmax(axis=1)
    scores_.append(float((said_ == number_of_[new_labels_]).mean()))
mean_ = float(np.mean(scores_))
report_metric("held-out accuracy, mean of three episodes", mean_, threshold=0.55)
report_metric("parameters that were trained", max(sizes_), threshold=20_000, better="lower")
assert max(sizes_) <= 20_000
assert mean_ >= 0.55

# %% [markdown] id="whole-text"
# ## Step 7 · One model to hand over
#
# The archive wants one file that takes a raw fragment and gives 14 probabilities. Join `extractor` and `head` to `model`. Nothing is trained any more. Then take the fingerprint of the backbone
# inside: `seal` must be the fingerprint of `backbone.get_weights()` now, after all the training.

# %% id="whole" role="solution" hints=["A model can be called like a layer. What is the input of the first, and the output of the second?", "keras.Model(extractor.input, …): what goes in place of the dots is the head, called on what the extractor gives.", "The head is called on extractor.output. For the seal use your function from step 2; the backbone object has been the same all the time."]
# The two names that the checks look for: model, seal
### BEGIN SOLUTION
model = keras.Model(extractor.input, head(extractor.output))
seal = fingerprint(backbone.get_weights())
### END SOLUTION
### BEGIN STARTER
# model = seal = None  # Your code here
### END STARTER

# %% id="sealed" role="check" points=1 title="Raw fragments in, 14 probabilities out, and the seal is the packaged one"
same([model.input_shape, model.output_shape], [(None, 64, 64, 1), (None, 14)], "The model must go from (64, 64, 1) to 14.")
wanted_ = text(fingerprint(load_backbone().get_weights()))
same(seal, wanted_, "The seal is not the fingerprint of the backbone as it was packaged. Something has changed the weights.")

# %% id="public-fragments" role="examiner" before_hidden=true
# Public fragments are asked for and shown before anything of the learner's has seen a hidden one.
with np.load(public("scenes", "fragments.npz")) as file_:
    pieces_, truth_, words_ = file_["fragments"][::3], file_["labels"][::3].astype("int64"), [str(name_) for name_ in file_["names"]]
shown_ = array(rebuild("model").predict(pieces_[..., None], verbose=0), (len(pieces_), 14))
report_examples(
    pieces_,
    [words_[label_] for label_ in truth_],
    [words_[label_] for label_ in shown_.argmax(axis=1)],
    wrongness=-shown_[np.arange(len(pieces_)), truth_],
    title="Fragments of the left side that it was most wrong about",
    check="whole-score",
)

# %% id="whole-score" role="check" hidden=true points=2 required=true title="The whole model on 420 fragments that you have not seen" requires=["whole"] feedback="We rebuilt your model and gave it 420 raw fragments from the other side of the pictures. Accuracy was under 0.55. If it is far better on the left side, look at what goes in: raw values 0 to 255."
model_ = rebuild("model")
said_ = array(model_.predict(new_fragments_[..., None], verbose=0), (len(new_fragments_), 14)).argmax(axis=1)
whole_ = float((said_ == new_labels_).mean())
report_metric("held-out accuracy of the whole model", whole_, threshold=0.55)
report_confusion(new_labels_, said_, labels=names_, title="What your model took for what, on 420 hidden fragments")
report_slices(said_ == new_labels_, [names_[label_] for label_ in new_labels_], title="By picture, from its hidden side")
assert whole_ >= 0.55

# %% id="untouched" role="check" hidden=true points=2 required=true title="The backbone inside is, bit for bit, the one that you got" requires=["whole"] feedback="We took the weights out of your model and compared them with those of the packaged backbone: not one may differ. We compared your seal with ours, and what the model says with what your head says of the backbone's features. Something differed, or there is no backbone inside. It has to be frozen before anything is trained on it."
joined_ = rebuild("model")
inside_, count_ = [array(array_, finite=False) for array_ in joined_.get_weights()], len(sealed_)
changed_ = [
    sum(differing_(mine_, theirs_) for mine_, theirs_ in zip(inside_[start_:], sealed_))
    for start_ in range(len(inside_) - count_ + 1)
]
changes_ = min(changed_, default=692_688)
report_metric("weights of the borrowed backbone that changed", changes_, threshold=0, better="lower")
assert changes_ <= 0
same(seal, hashlib.sha256(b"".join(array_.tobytes() for array_ in sealed_)).hexdigest())
wanted_ = array(rebuild("head").predict(look_(old_fragments_[:60]), verbose=0), (60, 14))
close(joined_.predict(old_fragments_[:60, ..., None], verbose=0), wanted_, rtol=0, atol=0.02)

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **New examples or new circumstances?** Your own numbers above are from the left side, the examiner's from the right. How large is the gap in each picture of the report, and
#    what do you see there that explains it?
# 2. **One example of each.** Call your functions with `shots` = 1, 2, 4, 16. When does the thin layer begin to beat the nearest mean?
# 3. **Borrowed from nobody.** Use `keras.models.clone_model(backbone)`, which keeps the layers and throws the weights away. What is left of the accuracy?
