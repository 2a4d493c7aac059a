# %% [markdown] id="story"
# # First steps with Keras
#
# A small post office wants to sort its mail by the digits on the envelopes. Its scanner cuts out single digits, as pictures of 8 × 8 cells. You will
# train a model that reads them, in seven small steps. Each step is one or two lines, and everything else is written for you. Do them in
# order, and press *Check* after each: it goes green before you begin with the next.
#
# All of this is in the lesson [Your first model in five minutes](/paths/foundations/first-model/). Each step links to the section that it needs.
#
# **Metric.** Accuracy on **400 digits that you have not seen**: the share that your model reads correctly. At least **0.80** is needed.
#
# **Data card.** 1,797 digits written by 13 volunteers, from the UCI set *Optical Recognition of Handwritten Digits* (E. Alpaydin, C. Kaynak), as packaged in
# scikit-learn. You get 1,397 of them. The other 400 are kept for the test, and only the examiner can read them. The same person may have written digits in
# both parts, so expect a lower accuracy for the handwriting of strangers.
#
# **Limits.** 60 seconds of CPU time; about ten are enough. TensorFlow 2.21 and Keras 3. To pass you need 80 % of the points, 80 % of the hidden points, and
# each check marked *required*.

# %% id="imports" role="setup"
import keras
import matplotlib.pyplot as plt
import numpy as np

SEED = 7
keras.utils.set_random_seed(SEED)

# %% id="data" role="setup"
with np.load("/data/digits/train.npz") as _file:
    images, labels = _file["images"], _file["labels"].astype("int64")

_figure, _places = plt.subplots(2, 8, figsize=(8, 2.6), layout="constrained")
for _place, _image, _label in zip(_places.flat, images, labels):
    _place.imshow(_image, cmap="gray_r")
    _place.set_title(int(_label))
    _place.axis("off")
plt.show()

# %% [markdown] id="look-text"
# ## Step 1 · Look at the shape
#
# `images` holds all pictures, and `labels` the right answer for each. The numbers above the pictures are their labels.
#
# Every NumPy array knows its own *shape*: how many pictures, how many rows, how many columns. Put the shape of `images` into `shape`, and look at it
# with `print(shape)`. The section [Pictures are numbers](/paths/foundations/first-model/#s-pictures-are-numbers) does the same with clothes.

# %% id="look" role="solution" hints=["You do not have to count anything. Which question can you ask the array itself?", "An array answers such questions after a dot: array.ndim is the number of its axes, array.dtype the kind of its numbers.", "Take the array with the pictures, then a dot, then the English word for its form. There are no parentheses after it."]
### BEGIN SOLUTION
shape = images.shape
### END SOLUTION
### BEGIN STARTER
# shape = None  # Your code here
### END STARTER

# %% id="shape" role="check" points=1 required=true title="The shape of all pictures"
close(sequence(shape, 3, "A stack of pictures has three lengths: how many pictures, how many rows, how many columns."), [1397, 8, 8], "`shape` should hold three numbers: pictures, rows, columns.")

# %% [markdown] id="scale-text"
# ## Step 2 · Scale the numbers
#
# Each cell of a picture is a whole number from 0 (white) to 16 (black). A model learns better from numbers between 0 and 1. Make an array `scaled` with the same
# pictures, where white is still 0 and black is 1. One division does it for the whole array, without a loop. Why, says the section
# [Pictures are numbers](/paths/foundations/first-model/#s-pictures-are-numbers).

# %% id="scale" role="solution" hints=["What is the largest number in a picture now, and what should it be?", "Arithmetic with an array works on every number in it: images + 1 adds one everywhere.", "The lesson divides clothes by 255, because that is black there. Here black is 16."]
### BEGIN SOLUTION
scaled = images / 16
### END SOLUTION
### BEGIN STARTER
# scaled = None  # Your code here
### END STARTER

# %% id="range" role="check" points=1 required=true title="From 0 to 1, and still the same pictures"
with np.load("/data/digits/train.npz") as file_:
    wanted_ = file_["images"] / 16
scaled_ = array(scaled, (1397, 8, 8), message="`scaled` should hold 1,397 pictures of 8 × 8 numbers.")
too_small_ = " You divided by more than the darkest value in these pictures." if 0 < scaled_.max() < 1 else ""
close(scaled_, wanted_, "0 stays 0, 8 becomes 0.5, and 16 becomes 1." + too_small_, atol=1e-4)

# %% [markdown] id="outputs-text"
# ## Step 3 · Choose the number of outputs
#
# The model looks at a picture and gives one number for each possible answer: how likely that answer is. How many possible answers are there for one
# handwritten digit? Put that number into `outputs`. See [A model is a stack of layers](/paths/foundations/first-model/#s-a-model-is-a-stack-of-layers).

# %% id="outputs" role="solution" hints=["Write down all the answers that the model may have to give.", "Is 0 one of them?", "The lesson has a T-shirt, trousers, a pullover and so on: as many outputs as there are kinds of clothes. Here the kinds are the digits."]
### BEGIN SOLUTION
outputs = 10
### END SOLUTION
### BEGIN STARTER
# outputs = None  # Your code here
### END STARTER

# %% id="answers" role="check" points=1 required=true title="One output for each possible answer"
nine_ = " The largest digit is 9, but 0 is an answer, too." if whole(outputs, 1, None, "`outputs` should be one whole number.") == 9 else ""
close(outputs, 10, "Count the different digits that can stand on an envelope." + nine_)

# %% [markdown] id="loss-text"
# ## Step 4 · Name the loss
#
# The *loss* is one number for how wrong the model is; training makes it smaller. Keras knows many losses by name. Put into `loss`, as a text in quotes, the name of the one
# for *one answer out of several, with labels that are whole numbers* such as 7. The section
# [Loss: one number for how wrong](/paths/foundations/first-model/#s-loss-one-number-for-how-wrong) names it.

# %% id="loss" role="solution" hints=["Which loss does the lesson use, and what do its labels look like? Yours are of the same kind.", "The name has three words with underscores between them. The first two are in the lesson's sentence about plain whole numbers.", "There are two with similar names. The one that you need begins with a word that means thinly spread: it takes the label 7 as it is."]
### BEGIN SOLUTION
loss = "sparse_categorical_crossentropy"
### END SOLUTION
### BEGIN STARTER
# loss = None  # Your code here
### END STARTER

# %% id="model" role="setup"
def new_model():
    """Return a new model with your number of outputs and your loss. Its weights are random."""
    keras.utils.set_random_seed(SEED)
    network = keras.Sequential(
        [
            keras.Input((8, 8)),
            keras.layers.Flatten(),
            keras.layers.Dense(32, activation="relu"),
            keras.layers.Dense(outputs, activation="softmax"),
        ]
    )
    network.compile(optimizer="adam", loss=loss, metrics=["accuracy"])
    return network

# %% id="loss-name" role="check" points=1 required=true title="A loss for labels that are whole numbers"
name_ = text(loss, least=1)
without_ = " That one wants ten numbers for each label, such as 0 0 0 0 0 0 0 1 0 0 for a seven. Your labels are plain numbers." if name_ == "categorical_crossentropy" else ""
amount_ = " That one is for amounts such as a price. A digit is no amount: an 8 read as a 9 is as wrong as an 8 read as a 0." if name_ in ("mse", "mean_squared_error", "mae") else ""
assert name_ in ("sparse_categorical_crossentropy", "SparseCategoricalCrossentropy"), f"{name_!r} is not the loss for whole-number labels.{without_}{amount_}"

# %% [markdown] id="fit-text"
# ## Step 5 · Train
#
# The function `new_model` above makes a model with your number of outputs and your loss. Make one, and keep it as `model`. Then `model.fit(…)` trains it. Give it the scaled pictures, then
# the labels, then the number of *epochs*: how often it goes through all pictures. Twenty epochs take about three seconds. Keep what `fit` returns as `history`; the next
# step needs it. See [Train for one epoch](/paths/foundations/first-model/#s-train-for-one-epoch).

# %% id="fit" role="solution" hints=["Two lines. The first makes a model, the second trains it. Which three things does fit need: what the model looks at, what it should answer, and how often?", "The first argument of fit is the array that you made in step 2, the second is labels, and the third has a name: epochs=…", "Without epochs, fit goes through the pictures only once, and that is too little here. Add verbose=0 if the printed lines disturb you."]
### BEGIN SOLUTION
model = new_model()
history = model.fit(scaled, labels, epochs=20, verbose=0)
### END SOLUTION
### BEGIN STARTER
# model = None  # Your code here
# history = None  # … and here
### END STARTER

# %% id="learned" role="check" points=2 required=true title="The loss falls, and the model reads most digits it was trained on"
losses_ = array(history.history["loss"], (None,), message="`history` should be what model.fit returns.")
assert len(losses_) >= 2, "It went through the pictures only once. Ask fit for more epochs."
assert losses_[-1] < losses_[0], "The loss did not fall. Did you train with the scaled pictures and their labels?"
with np.load("/data/digits/train.npz") as file_:
    pictures_, truth_ = file_["images"] / 16, file_["labels"]
said_ = array(model.predict(pictures_, verbose=0), (1397, 10)).argmax(axis=1)
share_ = float((said_ == truth_).mean())
assert share_ >= 0.8, f"Your model reads {share_:.0%} of the digits that it was trained on; 80 % is the least. More epochs help."

# %% [markdown] id="curves-text"
# ## Step 6 · Read the history: draw loss and accuracy
#
# `history.history` is a dictionary with a list for each thing that Keras wrote down: `"loss"` and `"accuracy"`, one number for each epoch. Two empty charts are ready. Draw the losses into
# `left` and the accuracies into `right`; the method for that is called `plot`. Whoever trains models looks at these two curves first. See
# [Change one line](/paths/foundations/first-model/#s-change-one-line).

# %% id="charts" role="setup"
def new_charts():
    """Return two empty charts, one for the loss and one for the accuracy."""
    _, (left, right) = plt.subplots(1, 2, figsize=(8, 3), layout="constrained")
    left.set(title="loss", xlabel="epoch")
    right.set(title="accuracy", xlabel="epoch")
    return left, right


def points(chart):
    """Return the heights of the first curve in a chart, as a list."""
    return chart.lines[0].get_ydata().tolist() if chart.lines else []

# %% id="curves" role="solution" hints=["How do you get one list out of a dictionary? With its name in square brackets.", "Each chart has a method plot that takes a list of numbers and joins them by a line.", "Two lines: one for left with the list of losses, one for right with the list of accuracies. Use the dictionary curves that the function gets, not history: we try your function with other numbers, too."]
def draw_curves(curves):
    """Draw the list curves["loss"] on the left, curves["accuracy"] on the right, and return what the charts show."""
    left, right = new_charts()
    ### BEGIN SOLUTION
    left.plot(curves["loss"])
    right.plot(curves["accuracy"])
    ### END SOLUTION
    return points(left), points(right)

# %% id="show-curves" role="setup"
if history is not None:
    try:
        draw_curves(history.history)
        plt.show()
    except NotImplementedError:
        plt.close("all")

# %% id="two-curves" role="check" points=2 title="Three epochs, drawn"
curves_ = {"loss": [2.0, 1.0, 0.5], "accuracy": [0.3, 0.6, 0.8]}
shown_ = sequence(draw_curves(curves_), 2, "draw_curves should return what the two charts show.")
for chart_, points_, name_ in zip(sequence(plt.gcf().axes, 2), shown_, ("loss", "accuracy")):
    lines_ = sequence(chart_.get_lines())
    assert len(lines_) >= 1, f"The chart for the {name_} is still empty. Each chart needs a curve of its own."
    heights_ = array(lines_[0].get_ydata(), (3,), message="Each curve has one point for each epoch.")
    other_ = " That is the other list: the two are exchanged." if abs(heights_[0] - {"loss": 0.3, "accuracy": 2.0}[name_]) < 1e-6 else ""
    close(heights_, curves_[name_], f'The chart for the {name_} should show curves["{name_}"].' + other_)
    close(points_, curves_[name_], "The last line of draw_curves should return what both charts show. Leave it as it was.")
plt.close("all")

# %% [markdown] id="read-text"
# ## Step 7 · Read one picture
#
# Now the model has to answer. `read` gets **one** scaled picture of 8 × 8 and returns the digit that the model thinks most likely. Two things are needed, and the section
# [Show it a picture](/paths/foundations/first-model/#s-show-it-a-picture) has both:
#
# - `model.predict` wants a *stack* of pictures, even if there is only one in it. `picture[np.newaxis]` makes a stack of one, with the shape (1, 8, 8).
# - It returns ten numbers, one for each digit. `argmax` says at which place the largest stands.

# %% id="read" role="solution" hints=["What does predict want, and what have you got? A stack of pictures, and one picture.", "First make the stack of one and let the model predict. Then find the place of the largest of the ten numbers.", "The place of the largest number is what argmax() gives. Put int(…) around it, so that a plain whole number comes out."]
def read(picture):
    """Return the digit that the model sees in one scaled picture (8, 8), as a whole number from 0 to 9."""
    ### BEGIN SOLUTION
    probabilities = model.predict(picture[np.newaxis], verbose=0)
    return int(probabilities.argmax())
    ### END SOLUTION

# %% id="show-reading" role="setup"
if history is not None:
    try:
        _figure, _places = plt.subplots(1, 6, figsize=(8, 1.9), layout="constrained")
        for _place, _picture, _label in zip(_places, images[-6:] / 16, labels[-6:]):
            _place.imshow(_picture, cmap="gray_r")
            _place.set_title(f"{_label}, read as {read(_picture)}", fontsize=9)
            _place.axis("off")
        plt.show()
    except NotImplementedError:
        plt.close("all")

# %% id="one-digit" role="check" points=1 title="One picture, one digit"
with np.load("/data/digits/train.npz") as file_:
    pictures_ = file_["images"][:5] / 16
said_ = array(model.predict(pictures_, verbose=0), (5, 10)).argmax(axis=1)
for picture_, wanted_ in zip(pictures_, said_):
    close(whole(read(picture_), 0, 9, "read should return one whole number from 0 to 9."), wanted_, "read should return the place of the largest of the ten numbers.")

# %% id="held-out-data" role="examiner"
with np.load(held_out("digits", "test.npz")) as file_:
    held_out_images_, held_out_labels_ = file_["images"] / 16, file_["labels"].astype("int64")

# %% id="public-digits" role="examiner" before_hidden=true
with np.load(public("digits", "train.npz")) as file_:
    shown_, digits_ = file_["images"] / 16, file_["labels"].astype("int64")
guessed_ = array(rebuild("model").predict(shown_, verbose=0), (len(shown_), 10))
report_examples(shown_, digits_, guessed_.argmax(axis=1), wrongness=-guessed_[np.arange(len(digits_)), digits_], check="accuracy")

# %% id="accuracy" role="check" hidden=true points=3 required=true requires=["fit"] title="Accuracy on 400 digits that you have not seen" feedback="We let your model read 400 digits, scaled to 0 … 1, that were kept from you. It read fewer than 80 % of them. Look at your curve of losses: does it still fall? Then train for more epochs. If it never fell, check steps 2 to 4."
probabilities_ = array(rebuild("model").predict(held_out_images_, verbose=0), (400, 10))
accuracy_ = float((probabilities_.argmax(axis=1) == held_out_labels_).mean())
report_metric("held-out accuracy", accuracy_, threshold=0.8)
report_confusion(held_out_labels_, probabilities_.argmax(axis=1), title="What your model took for what, on the 400 hidden digits")
assert accuracy_ >= 0.8

# %% id="curves-fresh" role="check" hidden=true points=2 required=true requires=["curves"] title="Curves of other trainings" feedback="We gave draw_curves numbers of other trainings, of 1 to 40 epochs, and looked at the points of the line in each chart. At least one curve was not the list that we gave. Does your function use `curves`, and not `history`? Are the losses on the left and the accuracies on the right?"
for epochs_ in (1, 7, 40):
    curves_ = {"loss": rng.uniform(0, 3, epochs_).tolist(), "accuracy": rng.uniform(0, 1, epochs_).tolist()}
    shown_ = sequence(draw_curves(curves_), 2)
    for chart_, points_, name_ in zip(sequence(plt.gcf().axes, 2), shown_, ("loss", "accuracy")):
        lines_ = sequence(chart_.get_lines())
        assert len(lines_) >= 1
        close(array(lines_[0].get_ydata(), (epochs_,)), curves_[name_])
        close(array(points_, (epochs_,)), curves_[name_])
plt.close("all")

# %% id="read-fresh" role="check" hidden=true points=2 required=true requires=["read"] title="Pictures that you have not seen" feedback="We mixed pictures of digits at random, let your model predict them, and compared the place of its largest number with what `read` returned. They differed at least once. `read` should ask the model about the picture that it is given."
network_ = rebuild("model")
with np.load(public("digits", "train.npz")) as file_:
    stack_ = file_["images"] / 16
mixed_ = 0.7 * stack_[rng.permutation(len(stack_))[:200]] + 0.3 * stack_[rng.permutation(len(stack_))[:200]]
expected_ = array(network_.predict(mixed_, verbose=0), (200, 10))
two_best_ = np.sort(expected_, axis=1)[:, -2:]
clear_ = np.flatnonzero(two_best_[:, 1] - two_best_[:, 0] > 1e-4)[:16]  # no ties, where a rounding would decide
assert len(clear_) >= 1
for i_ in clear_:
    close(whole(read(mixed_[i_]), 0, 9), int(expected_[i_].argmax()))

# %% [markdown] id="stretch"
# ## Further, without points
#
# 1. **Fewer epochs.** With how few do you still reach 80 %? Look at your curve first, and guess.
# 2. **Other sizes.** Set `outputs` to 12. Training works all the same. Which of the twelve answers are never given, and why?
# 3. **A bad picture.** Call `read(np.zeros((8, 8)))`. The picture is empty, and the model answers all the same. It has no way to say *I do not know*.
