# %% [markdown] id="story"
# # Glass negatives
#
# A museum has boxes of glass plates, each a fragment of one of fourteen large pictures: **negatives**, black where the picture is white. **Five plates of each** have been sorted by hand. You will borrow the eyes of a trained network, show it what it
# knows, that is positives, and write a last layer that takes no training at all. When a fifteenth picture turns up, you will not begin again.
#
# **Metric.** Accuracy on **420 plates that you have not seen**, mean of **five episodes**: five times five other plates of each picture, a fresh head, the same 420 plates. At least **0.5**. And the backbone in your finished model must be, number for
# number, the one that you got: of its 692,688 weights **0** may have changed.
#
# **Data card.** Fragments, 64 × 64, grey, of fourteen sample pictures of scikit-image and scikit-learn (CC0, public domain, no known restrictions, two CC BY 2.0 by danielbuechele and from flickr.com/photos/vultilion; the card of `scenes` names each).
# You get 560, all from the **left** 60 % of the pictures; the examiner's come from the right 40 %. That they are negatives is SIMULATED: 255 minus the grey; real plates have scratches and dust. It measures the sorting of fragments and not the recognition of
# things. The backbone is the lower eleven blocks of EfficientNet-Lite0 (Google, 2020; Apache 2.0), trained on positives from the web with all their biases.
#
# **Limits.** 90 seconds of CPU time. TensorFlow 2.21 and Keras 3.
#
# To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*. The examiner builds your networks again from their layers and weights, so use Keras' own layers.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)

# %% id="data" role="setup"
with np.load("/data/scenes/fragments.npz") as _file:
    plates, labels, names = 255 - _file["fragments"], _file["labels"].astype("int64"), [str(_name) for _name in _file["names"]]


def load_backbone():
    """Return the borrowed network: images (n, height, width, 3) in its habit to maps of 112 channels, a sixteenth as high and wide."""
    with open("/data/efficientnet-lite0/architecture.json") as file:
        model = keras.models.model_from_json(file.read())
    with np.load("/data/efficientnet-lite0/weights.npz") as file:
        model.set_weights([file[name].astype("float32") for name in file.files])
    return model


backbone = load_backbone()
_generator = np.random.default_rng(SEED)
sorted_rows = np.concatenate([_generator.choice(np.flatnonzero(labels == _kind), 5, replace=False) for _kind in range(14)])
print(plates.shape, plates.dtype, f"{len(sorted_rows)} of them sorted by hand, from", ", ".join(names))

# %% [markdown] id="extractor-text"
# ## Step 1 · Show it positives
#
# `build_extractor` returns one Keras model from **raw plates** (64, 64, 1), values 0 to 255 as in `plates`, to **112 features**. The backbone was trained on positives, three channels, whose values $v$ had been turned into $(v - 127) / 128$.
#
# 1. One `Rescaling` layer makes a positive of a plate ($v$ is 255 minus the plate's value) **and** brings it into the habit. Work out its scale and its offset.
# 2. The same channel three times; no enlarging this time.
# 3. The backbone, **frozen**.
# 4. The **mean** of each of the 112 maps.

# %% id="extractor" role="solution" hints=["Put 255 − p for v into the formula. What stands before p, and what is left over?", "Rescaling takes a scale and an offset; the scale may be negative. The functional way of building lets one tensor go into Concatenate three times. When is the moment to freeze?"]
def build_extractor(backbone):
    """Return a Keras model from raw (64, 64, 1) negatives to 112 features over the frozen backbone."""
    ### BEGIN SOLUTION
    backbone.trainable = False
    inputs = keras.Input((64, 64, 1))
    x = keras.layers.Rescaling(-1 / 128, offset=1.0)(inputs)
    x = keras.layers.Concatenate()([x, x, x])
    return keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(backbone(x)))
    ### END SOLUTION

# %% id="features" role="setup"
extractor = features = None
try:
    extractor = build_extractor(backbone)
    features = extractor.predict(plates[sorted_rows][..., None], verbose=0)
    print("features", features.shape, "between", features.min().round(2), "and", features.max().round(2))
except NotImplementedError:
    print("Step 1 is still empty.")

# %% id="frozen" role="check" points=2 title="112 features, and nothing left to train"
fresh_ = build_extractor(load_backbone())
same([fresh_.input_shape, fresh_.output_shape], [(None, 64, 64, 1), (None, 112)], "It goes from raw plates, (64, 64, 1), to 112 features.")
trainable_ = len(fresh_.trainable_variables)
assert trainable_ == 0, f"{trainable_} arrays could still be trained. Freeze the backbone."
same(fresh_.count_params(), 692_688, "The backbone has 692,688 parameters, and the layers around it none.")

# %% id="examiners-eyes" role="examiner"
with np.load(held_out("scenes", "fragments.npz")) as file_:
    new_positives_, new_labels_, names_ = file_["fragments"], file_["labels"].astype("int64"), [str(name_) for name_ in file_["names"]]
with np.load(public("scenes", "fragments.npz")) as file_:
    old_plates_, old_labels_ = 255 - file_["fragments"], file_["labels"].astype("int64")
with open(public("efficientnet-lite0", "architecture.json")) as file_:
    eyes_ = keras.models.model_from_json(file_.read())
with np.load(public("efficientnet-lite0", "weights.npz")) as file_:
    packaged_ = [file_[name_].astype("float32") for name_ in file_.files]
eyes_.set_weights(packaged_)
extractor_ = None


def look_(plates):
    """Return our own features of raw plates, with the weights that eyes_ has now."""
    habit_ = (255.0 - plates[..., None].astype("float32") - 127) / 128
    return np.asarray(eyes_.predict(np.repeat(habit_, 3, axis=-1), verbose=0)).mean(axis=(1, 2))


def see_(plates):
    """Return the learner's features of raw plates, computed here."""
    global extractor_
    extractor_ = extractor_ or rebuild("extractor")
    return array(extractor_.predict(plates[..., None], verbose=0), (len(plates), 112))


def differing_(mine, theirs):
    """Return in how many places two arrays differ in a bit; in all of them where they are not alike in shape and type."""
    mine, theirs = array(mine, finite=False), array(theirs, finite=False)
    is_alike = mine.shape == theirs.shape and mine.dtype == theirs.dtype
    return int((np.ascontiguousarray(mine).view("uint32") != np.ascontiguousarray(theirs).view("uint32")).sum()) if is_alike else theirs.size


def unit_(rows):
    """Return rows of length 1."""
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)

# %% id="features-fresh" role="check" hidden=true points=3 required=true title="The features of plates that you have not seen" requires=["extractor"] feedback="We gave 40 hidden plates to your extractor and to ours, and then other plates to another one, which your build_extractor made of a backbone with other weights. The features differed, or something could still be trained. Nothing complains when black is white or the scale is another one: which values has a white place of the picture on the plate, and which must the backbone get for it? Is the backbone the one that is passed in?"
close(see_(255 - new_positives_[:40]), look_(255 - new_positives_[:40]), rtol=0, atol=0.01)
others_ = [array_ * rng.uniform(0.97, 1.03, array_.shape).astype("float32") for array_ in packaged_]
borrowed_ = load_backbone()
borrowed_.set_weights(others_)
built_ = build_extractor(borrowed_)
assert len(built_.trainable_variables) == 0
came_ = array(rebuild(built_).predict(old_plates_[:40, ..., None], verbose=0), (40, 112))
eyes_.set_weights(others_)
wanted_ = look_(old_plates_[:40])
eyes_.set_weights(packaged_)
close(came_, wanted_, rtol=0, atol=0.01)

# %% [markdown] id="imprint-text"
# ## Step 2 · A head that is written, not trained
#
# Two rows of features are alike if they point in the same **direction**, however long they are. The cosine of the angle between them is the product of two rows of length 1. So a head can be written down:
#
# - bring each known row to length 1, take the mean of each kind, and bring that mean to length 1: the kind's direction;
# - the head brings what comes in to length 1 (`UnitNormalization`) and multiplies it with all directions (`Dense` without a bias). It returns one cosine for each kind, from −1 to 1.
#
# `imprint` returns this head as a Keras model. It must work for any number of features and kinds.

# %% id="imprint" role="solution" hints=["Two norms are taken before anything becomes a weight: of what, and of what?", "np.linalg.norm has `axis` and `keepdims`. Build the Sequential with keras.Input, UnitNormalization and Dense, then give the last layer its weights: a list with one array (features, kinds)."]
def imprint(features, labels, kinds=14):
    """Return a Keras model from (n, features) to the cosines (n, kinds) with the mean direction of each kind's rows."""
    ### BEGIN SOLUTION
    rows = features / np.linalg.norm(features, axis=1, keepdims=True)
    directions = np.stack([rows[labels == kind].mean(axis=0) for kind in range(kinds)], axis=1)
    directions = directions / np.linalg.norm(directions, axis=0)
    head = keras.Sequential([keras.Input((features.shape[1],)), keras.layers.UnitNormalization(), keras.layers.Dense(kinds, use_bias=False)])
    head.layers[-1].set_weights([directions])
    return head
    ### END SOLUTION

# %% id="fit" role="setup"
head = None
try:
    if features is not None:
        head = imprint(features, labels[sorted_rows])
        print(f"{(head.predict(features, verbose=0).argmax(1) == labels[sorted_rows]).mean():.3f} of the plates that it was written from")
except NotImplementedError:
    print("Step 2 is still empty.")

# %% id="imprint-by-hand" role="check" points=2 title="Two kinds in the plane" requires=["imprint"]
rows_ = np.array([[10.0, 0.0], [3.0, 4.0], [0.0, 1.0], [0.6, 0.8]], "float32")
head_ = imprint(rows_, np.array([1, 0, 1, 0]), kinds=2)
close(
    head_.predict(np.array([[5.0, 0.0], [0.0, 0.2]], "float32"), verbose=0), [[0.6, 0.70711], [0.8, 0.70711]],
    "Kind 0 points to (0.6, 0.8), kind 1 half-way between the axes, whatever the lengths: cosines 0.6 and 0.707, then 0.8 and 0.707.", atol=1e-3,
)

# %% id="imprint-fresh" role="check" hidden=true points=2 required=true title="The cosines of other rows" requires=["imprint"] feedback="On random rows your cosines differed from ours. All rows, the means and what comes in have length 1; there is no bias and no activation."
rows_ = (rng.normal(size=(60, 9)) * rng.uniform(0.1, 20, (60, 1))).astype("float32")
kind_of_, asked_ = rng.permutation(np.arange(60) % 5), rng.normal(1, 2, (20, 9)).astype("float32")
directions_ = unit_(np.stack([unit_(rows_)[kind_of_ == kind_].mean(axis=0) for kind_ in range(5)]))
close(rebuild(imprint(rows_, kind_of_, kinds=5)).predict(asked_, verbose=0), unit_(asked_) @ directions_.T, atol=1e-3)

# %% id="episodes" role="check" hidden=true points=5 required=true title="Five episodes on 420 plates that you have not seen" requires=["imprint"] feedback="Five times we drew five plates of each picture, gave the pictures other numbers each time, took your extractor's features of the plates, let your imprint write a head, and asked it about 420 plates from the other side of the pictures. The mean accuracy was under 0.5. Are the features those of the borrowed backbone, and is each kind's direction in its own column?"
old_seen_, new_seen_ = see_(old_plates_), see_(255 - new_positives_)
scores_ = []
for _ in range(5):
    number_of_ = rng.permutation(14)
    drawn_ = np.concatenate([rng.choice(np.flatnonzero(old_labels_ == kind_), 5, replace=False) for kind_ in range(14)])
    head_ = rebuild(imprint(old_seen_[drawn_], number_of_[old_labels_[drawn_]]))
    said_ = array(head_.predict(new_seen_, verbose=0), (len(new_seen_), 14)).argmax(axis=1)
    right_ = said_ == number_of_[new_labels_]
    scores_.append(float(right_.mean()))
mean_ = float(np.mean(scores_))
report_metric("held-out accuracy, mean of five episodes", mean_, threshold=0.5)
report_slices(right_, [names_[label_] for label_ in new_labels_], title="By picture, from its hidden side, in the last episode")
assert mean_ >= 0.5

# %% [markdown] id="add-text"
# ## Step 3 · A fifteenth picture
#
# `add_kind` gets a head and the features of a few plates of a **new** kind, and returns a new head that knows it too, as the **last** output. The other outputs stay as they are. Nothing is trained, and the old plates are not needed.

# %% id="add" role="solution" hints=["Where in the head do its directions lie, and what shape has that array?", "get_weights of the last layer is a list with one array (features, kinds); the new direction, worked out as before, is one more column."]
def add_kind(head, features):
    """Return a head with one more output, the last: the cosine with the mean direction of features (n, features)."""
    ### BEGIN SOLUTION
    (directions,) = head.layers[-1].get_weights()
    one = imprint(features, np.zeros(len(features), int), kinds=1)
    directions = np.concatenate([directions, one.layers[-1].get_weights()[0]], axis=1)
    larger = keras.Sequential([keras.Input((directions.shape[0],)), keras.layers.UnitNormalization(), keras.layers.Dense(directions.shape[1], use_bias=False)])
    larger.layers[-1].set_weights([directions])
    return larger
    ### END SOLUTION

# %% id="add-by-hand" role="check" points=2 title="A third kind in the plane" requires=["imprint", "add"]
rows_ = np.array([[2.0, 0.0], [0.0, 3.0]], "float32")
larger_ = add_kind(imprint(rows_, np.array([0, 1]), kinds=2), np.array([[30.0, 40.0], [4.0, 3.0]], "float32"))
close(
    larger_.predict(np.array([[1.0, 0.0], [7.0, 7.0]], "float32"), verbose=0), [[1, 0, 0.70711], [0.70711, 0.70711, 1]],
    "The new kind points half-way between the axes: cosines 1, 0, 0.707 and 0.707, 0.707, 1.", atol=1e-3,
)

# %% id="add-fresh" role="check" hidden=true points=2 required=true title="A sixth and a seventh kind among other rows" requires=["add"] feedback="To a head of five kinds we let your add_kind add two more, one after the other, and compared the seven cosines of other rows with ours. The new kind is the last output, the others stay as they are, and its direction is worked out as those were: rows of length 1, their mean, length 1."
rows_ = (rng.normal(size=(40, 9)) * rng.uniform(0.1, 20, (40, 1))).astype("float32")
kind_of_, asked_ = np.arange(40) % 5, rng.normal(1, 2, (20, 9)).astype("float32")
more_ = [(rng.normal(size=(count_, 9)) * rng.uniform(0.1, 20, (count_, 1))).astype("float32") for count_ in (4, 7)]
larger_ = imprint(rows_, kind_of_, kinds=5)
for plates_ in more_:
    larger_ = add_kind(larger_, plates_)
means_ = [unit_(rows_)[kind_of_ == kind_].mean(axis=0) for kind_ in range(5)] + [unit_(plates_).mean(axis=0) for plates_ in more_]
close(rebuild(larger_).predict(asked_, verbose=0), unit_(asked_) @ unit_(np.stack(means_)).T, atol=1e-3)

# %% [markdown] id="whole-text"
# ## Step 4 · One model to hand over
#
# Join `extractor` and `head` to `model`: from a raw plate to fourteen cosines. Nothing is trained.

# %% id="whole" role="solution" hints=["A model can be called like a layer. What is the input of the first?"]
# The name that the check looks for: model
### BEGIN SOLUTION
model = keras.Model(extractor.input, head(extractor.output))
### END SOLUTION
### BEGIN STARTER
# model = None  # Your code here
### END STARTER

# %% id="untouched" role="check" hidden=true points=3 required=true title="From plate to cosines, over the backbone as it was packaged" requires=["whole"] feedback="We rebuilt your model and compared the weights of the backbone inside, number for number, with the packaged ones, and what it says of 60 plates with what your head says of the backbone's features. Has anything been trained, or is another network inside? Does it go from (64, 64, 1) to 14 cosines?"
whole_ = rebuild("model")
same([whole_.input_shape, whole_.output_shape], [(None, 64, 64, 1), (None, 14)])
inside_, count_ = [array(array_, finite=False) for array_ in whole_.get_weights()], len(packaged_)
changed_ = [
    sum(differing_(mine_, theirs_) for mine_, theirs_ in zip(inside_[start_:], packaged_))
    for start_ in range(len(inside_) - count_ + 1)
]
changes_ = min(changed_, default=692_688)
report_metric("weights of the borrowed backbone that changed", changes_, threshold=0, better="lower")
assert changes_ <= 0
wanted_ = array(rebuild("head").predict(look_(old_plates_[:60]), verbose=0), (60, 14))
close(whole_.predict(old_plates_[:60, ..., None], verbose=0), wanted_, rtol=0, atol=0.005)
