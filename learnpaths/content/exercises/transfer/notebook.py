# %% [markdown] id="story"
# # Eight examples of each
#
# An archive has fourteen large pictures in fragments: a temple, a cat, a field of gravel. Somebody has sorted **eight fragments of each** by hand and has no time
# for more. A network that learns from 112 small grey squares alone learns little. So you will borrow the eyes of another one, prove that nobody changed
# them, and train only the layer that says the names.
#
# **Metric.** Accuracy on **420 fragments that you have not seen**, mean of **three episodes**: three times eight other examples of each, a fresh head,
# the same 420 fragments. At least **0.55**. Your finished model, with the examples that you drew, must reach **0.55** too; and the backbone in it must be,
# bit for bit, the one that you got.
#
# **Data card.** Fragments, 64 × 64, grey, of fourteen sample pictures of scikit-image and scikit-learn (CC0, public domain, no known restrictions, two CC BY 2.0 by danielbuechele and from
# flickr.com/photos/vultilion; the card of `scenes` names each). You get 560 in `/data/scenes/fragments.npz`, all from the **left** 60 % of the pictures; the examiner's come from the
# right 40 %: other coins, other branches, the same photographer. It measures the sorting of fragments and not the recognition of things. The backbone is the lower eleven
# blocks of EfficientNet-Lite0 (Google, 2020; Apache 2.0), trained on photographs from the web with all their biases.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21 and Keras 3. You need 80 % of the points.

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
came_ = np.asarray(to_habit(np.array([[[0, 127, 255]]], dtype="uint8")))
assert came_.shape == (1, 1, 3, 3) and came_.dtype == np.float32, f"One row of three values should become float32 (1, 1, 3, 3). Came {came_.dtype} {came_.shape}."
assert np.allclose(came_[0, 0, :, 0], [-127 / 128, 0, 1]), f"0, 127 and 255 should become −0.992, 0 and 1. Came {came_[0, 0, :, 0].round(3).tolist()}."
assert np.allclose(came_[..., 0], came_[..., 1]) and np.allclose(came_[..., 0], came_[..., 2]), "All three channels should hold the same grey."

# %% id="habit-fresh" role="check" hidden=true points=1 title="The habit on other pictures" feedback="On random bytes your array differed from ours: (value − 127) / 128, computed with floats, three equal channels last."
images_ = rng.integers(0, 256, (3, 5, 4), dtype="uint8")
assert np.allclose(np.asarray(to_habit(images_)), ((images_.astype(float) - 127) / 128)[..., None] * np.ones(3), atol=1e-5)

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
came_ = fingerprint(arrays_)
assert came_ != fingerprint([np.array([2.0, 1.0], "float32"), arrays_[1]]), "With two weights exchanged the fingerprint must change."
assert came_ == wanted_, f"The bytes of both arrays, in order, give {wanted_[:12]}…. Came {str(came_)[:12]}…. Are bytes fed in, or a text?"

# %% id="fingerprint-fresh" role="check" hidden=true points=1 title="One bit in an array of five thousand" feedback="We compared your fingerprint with ours on larger arrays, and on the same with one number changed a little. Are all bytes of all arrays fed in, in order?"
arrays_ = [rng.normal(size=(5000,)).astype("float32"), rng.normal(size=(3, 4)).astype("float32")]
digest_ = hashlib.sha256(arrays_[0].tobytes() + arrays_[1].tobytes()).hexdigest()
assert fingerprint(arrays_) == digest_
changed_ = arrays_[0].copy()
changed_[2500] = np.nextafter(changed_[2500], np.float32(9))
assert fingerprint([changed_, arrays_[1]]) == hashlib.sha256(changed_.tobytes() + arrays_[1].tobytes()).hexdigest() != digest_

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
assert tuple(fresh_.input_shape) == (None, 64, 64, 1), f"The input must be (None, 64, 64, 1), raw fragments. It is {fresh_.input_shape}."
assert tuple(fresh_.output_shape) == (None, 112), f"The output must be (None, 112). It is {fresh_.output_shape}."
trainable_ = len(fresh_.trainable_variables)
assert trainable_ == 0, f"{trainable_} arrays could still be trained. Freeze the backbone."
assert int(fresh_.count_params()) == 692_688, f"The backbone has 692,688 parameters, and the layers around it none. Yours has {fresh_.count_params():,}."

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


def see_(images):
    """Return the learner's features of raw fragments, computed here."""
    global extractor_
    extractor_ = extractor_ or rebuild("extractor")
    return np.asarray(extractor_.predict(images[..., None], verbose=0))

# %% id="features-fresh" role="check" hidden=true points=2 title="The features of fragments that you have not seen" feedback="We gave 40 hidden fragments to your extractor and to ours. The features differed. Nothing complains when the scale is wrong: is the Rescaling there, before the backbone, and with its offset? Are the fragments enlarged to 96 × 96, and the maps averaged?"
resize_ = keras.layers.Resizing(96, 96)
habit_ = resize_((new_fragments_[:40, ..., None].astype("float32") - 127) / 128)
wanted_ = np.asarray(eyes_.predict(np.repeat(np.asarray(habit_), 3, axis=-1), verbose=0)).mean(axis=(1, 2))
assert np.abs(see_(new_fragments_[:40]) - wanted_).max() < 0.01

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
drawn_ = [np.asarray(choose_shots(labels_, 2, seed_, kinds=3)) for seed_ in range(6)]
assert all(rows_.shape == (6,) for rows_ in drawn_), f"Three kinds, two of each: six row numbers. Came {drawn_[0].shape}."
assert labels_[drawn_[0]].tolist() == [0, 0, 1, 1, 2, 2], f"The rows should be of the kinds 0, 0, 1, 1, 2, 2. They are of {labels_[drawn_[0]].tolist()}."
assert len({tuple(rows_.tolist()) for rows_ in drawn_}) > 1, "Six seeds gave the same rows each time."
assert np.array_equal(choose_shots(labels_, 2, 5, kinds=3), drawn_[5]), "The same seed gave other rows the second time."

# %% id="shots-fresh" role="check" hidden=true points=1 title="No example twice, and every row has its chance" feedback="Over 40 seeds we looked whether a row came twice within a draw, whether all were of the right kind, and whether every row was drawn at some time."
labels_ = rng.permutation(np.repeat(np.arange(5), 9))
seen_ = set()
for seed_ in range(40):
    rows_ = np.asarray(choose_shots(labels_, 6, seed_, kinds=5))
    assert len(set(rows_.tolist())) == 30 and labels_[rows_].tolist() == np.repeat(np.arange(5), 6).tolist()
    seen_ |= set(rows_.tolist())
assert len(seen_) == 45

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
came_ = np.asarray(nearest_mean(known_, np.array([0, 0, 1, 1]), np.array([[0.1, 290.0], [1.1, 110.0]]), kinds=2))
assert came_.tolist() == [0, 1], f"The first feature tells the kinds apart: 0, 1. Came {came_.tolist()}. Is each feature divided by its own spread?"
alone_ = np.asarray(nearest_mean(known_, np.array([0, 0, 1, 1]), np.array([[1.1, 110.0]]), kinds=2))
assert alone_.tolist() == [1], f"A new row that comes alone should get the same answer, 1. Came {alone_.tolist()}. Whose mean and spread do you use?"

# %% id="nearest-fresh" role="check" hidden=true points=1 title="The nearest mean on other rows" feedback="On random rows your kinds differed from ours. Mean and spread come from the known rows alone, feature by feature; distances are sums of squares."
for _ in range(4):
    known_, new_ = rng.normal(size=(40, 6)) * 10.0 ** np.arange(-2, 4), rng.normal(1, 2, size=(25, 6)) * 10.0 ** np.arange(-2, 4)
    kind_of_ = np.arange(40) % 4
    scale_, middle_ = known_.std(axis=0) + 1e-6, known_.mean(axis=0)
    means_ = np.stack([((known_ - middle_) / scale_)[kind_of_ == kind_].mean(axis=0) for kind_ in range(4)])
    wanted_ = [int((((row_ - middle_) / scale_ - means_) ** 2).sum(axis=1).argmin()) for row_ in new_]
    assert np.asarray(nearest_mean(known_, kind_of_, new_, kinds=4)).tolist() == wanted_

# %% [markdown] id="head-text"
# ## Step 6 · One thin layer
#
# `fit_head` gets features (n, 112) and labels, builds a small Keras model from 112 features to 14 probabilities with at most **20,000 parameters**, trains it on them and returns it. It
# is called three more times by the examiner, each time with 112 other rows, so it has to work without your watching.

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
parameters_ = int(head.count_params())
assert parameters_ <= 20_000, f"A head has at most 20,000 parameters. Yours has {parameters_:,}."
outputs_ = np.asarray(head.predict(np.asarray(features)[np.asarray(shots)], verbose=0))
assert outputs_.shape == (112, 14) and np.allclose(outputs_.sum(axis=1), 1, atol=1e-3), "For 112 rows the head must give 14 probabilities each, which sum to 1."
share_ = float((outputs_.argmax(axis=1) == np.asarray(labels)[np.asarray(shots)]).mean())
assert share_ >= 0.9, f"Of the 112 examples that it was trained on, it knows {share_:.0%}; 90 % is the least."

# %% id="episodes" role="check" hidden=true points=4 required=true title="Three episodes on 420 fragments that you have not seen" requires=["extractor", "head"] feedback="Three times we drew eight examples of each picture, took your extractor's features of them, let your fit_head train, and asked the head about 420 fragments from the other side of the pictures. The mean accuracy was under 0.55, or a head had more than 20,000 parameters. Far below: are the features right, and does the head train long enough when it is called again? A little below: too large a head learns 112 rows by heart."
old_seen_, new_seen_ = see_(old_fragments_), see_(new_fragments_)
scores_ = []
for _ in range(3):
    rows_ = np.concatenate([rng.choice(np.flatnonzero(old_labels_ == kind_), 8, replace=False) for kind_ in range(14)])
    learner.episode_head = fit_head(old_seen_[rows_], old_labels_[rows_])
    head_ = rebuild("episode_head")
    assert head_.count_params() <= 20_000
    scores_.append(float((np.asarray(head_.predict(new_seen_, verbose=0)).argmax(axis=1) == new_labels_).mean()))
mean_ = float(np.mean(scores_))
report_metric("held-out accuracy, mean of three episodes", mean_, threshold=0.55)
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
assert tuple(model.input_shape) == (None, 64, 64, 1) and tuple(model.output_shape) == (None, 14), (
    f"The model must go from (None, 64, 64, 1) to (None, 14). It goes from {model.input_shape} to {model.output_shape}."
)
assert seal == fingerprint(load_backbone().get_weights()), "The seal is not the fingerprint of the backbone as it was packaged. Something has changed the weights."

# %% id="whole-score" role="check" hidden=true points=2 required=true title="The whole model on 420 fragments that you have not seen" requires=["extractor", "shots", "head", "whole"] feedback="We rebuilt your model and gave it 420 raw fragments from the other side of the pictures. Accuracy was under 0.55. If it is far better on the left side, look at what goes in: raw values 0 to 255."
model_ = rebuild("model")
said_ = np.asarray(model_.predict(new_fragments_[..., None], verbose=0)).argmax(axis=1)
whole_ = float((said_ == new_labels_).mean())
report_metric("held-out accuracy of the whole model", whole_, threshold=0.55)
report_confusion(new_labels_, said_, labels=names_, title="What your model took for what, on 420 hidden fragments")
report_slices(said_ == new_labels_, [names_[label_] for label_ in new_labels_], title="By picture, from its hidden side")
shown_ = np.asarray(model_.predict(old_fragments_[::3, ..., None], verbose=0))
report_examples(
    old_fragments_[::3],
    [names_[label_] for label_ in old_labels_[::3]],
    [names_[label_] for label_ in shown_.argmax(axis=1)],
    wrongness=-shown_[np.arange(len(shown_)), old_labels_[::3]],
    title="Fragments of the left side that it was most wrong about",
)
assert whole_ >= 0.55

# %% id="untouched" role="check" hidden=true points=2 title="The backbone inside is, bit for bit, the one that you got" requires=["extractor", "whole"] feedback="We took the weights out of your model and compared their fingerprint with that of the packaged backbone. It is another one, or there is no backbone inside. It has to be frozen before anything is trained on it."
inside_ = [np.asarray(array_) for array_ in rebuild("model").get_weights()]
digest_ = hashlib.sha256(b"".join(array_.tobytes() for array_ in sealed_)).hexdigest()
count_ = len(sealed_)
assert any(
    hashlib.sha256(b"".join(array_.tobytes() for array_ in inside_[start_ : start_ + count_])).hexdigest() == digest_
    for start_ in range(len(inside_) - count_ + 1)
)

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **New examples or new circumstances?** Your own numbers above are from the left side, the examiner's from the right. How large is the gap in each picture of the report, and
#    what do you see there that explains it?
# 2. **One example of each.** Call your functions with `shots` = 1, 2, 4, 16. When does the thin layer begin to beat the nearest mean?
# 3. **Borrowed from nobody.** Use `keras.models.clone_model(backbone)`, which keeps the layers and throws the weights away. What is left of the accuracy?
