"""The assignments that every grader gets: the same cells and the same checks, as data.

Standard library only: the bare run imports this in the runtime's environment too.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["setup", "solution", "check"]
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"


@dataclass(frozen=True)
class Part:
    """One code cell. A solution's `source` is the finished one; what lies between BEGIN and END is what a learner writes."""

    id: str
    role: Role
    source: str

    @property
    def solved(self) -> str:
        """The cell as submitted: without the marking lines."""
        return "\n".join(line for line in self.source.splitlines() if line.strip() not in (BEGIN, END))

    @property
    def starter(self) -> str:
        """The cell as handed out."""
        lines: list[str] = []
        is_solution = False
        for line in self.source.splitlines():
            is_solution = (is_solution or line.strip() == BEGIN) and line.strip() != END
            if line.strip() == BEGIN:
                lines.append(line.replace(BEGIN, "raise NotImplementedError"))
            elif not is_solution and line.strip() != END:
                lines.append(line)
        return "\n".join(lines)


@dataclass(frozen=True)
class Assignment:
    """A notebook in order; each check is worth one point."""

    name: str
    says: str
    parts: tuple[Part, ...]

    @property
    def checks(self) -> tuple[Part, ...]:
        return tuple(part for part in self.parts if part.role == "check")


_FUNCTIONS = (
    Part("normalise", "solution", '''def normalise(x):
    """Return x shifted and scaled to mean 0 and standard deviation 1."""
    ### BEGIN SOLUTION
    return (x - x.mean()) / x.std()
    ### END SOLUTION'''),
    Part("normalise-centres", "check", "assert abs(normalise(np.arange(9.0)).mean()) < 1e-9, 'The mean must be 0.'"),
    Part("softmax", "solution", '''def softmax(scores):
    """Return rows of probabilities."""
    ### BEGIN SOLUTION
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION'''),
    Part("softmax-sums", "check", """probabilities_ = softmax(np.array([[1.0, 2.0, 3.0], [1000.0, 0.0, 0.0]]))
assert np.allclose(probabilities_.sum(axis=1), 1), 'Each row must sum to 1.'
assert probabilities_[1, 0] > 0.999"""),
    Part("one-hot", "solution", '''def one_hot(labels, classes):
    """Return a row per label with a single 1."""
    ### BEGIN SOLUTION
    return np.eye(classes)[labels]
    ### END SOLUTION'''),
    Part("cross-entropy", "solution", '''def cross_entropy(probabilities, labels):
    """Return the mean of minus the logarithm of each true label's probability."""
    ### BEGIN SOLUTION
    chosen = (one_hot(labels, probabilities.shape[1]) * probabilities).sum(axis=1)
    return float(-np.log(chosen).mean())
    ### END SOLUTION'''),
    Part("cross-entropy-of-a-guess", "check", """guess_ = np.full((4, 10), 0.1)
assert abs(cross_entropy(guess_, np.array([0, 3, 3, 9])) - np.log(10)) < 1e-9, 'Ten equal guesses cost log 10.'"""),
    Part("accuracy", "solution", '''def accuracy(probabilities, labels):
    """Return the share of rows whose largest probability is the label's."""
    ### BEGIN SOLUTION
    return float((probabilities.argmax(axis=1) == labels).mean())
    ### END SOLUTION'''),
    Part("accuracy-by-hand", "check",
         "assert accuracy(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([0, 1])) == 0.5, 'One of two is right.'"),
)  # fmt: skip
_TRAINING = (
    Part("data", "setup", """from sklearn.datasets import load_digits
digits = load_digits()
x_train, y_train = digits.images[:1400] / 16, digits.target[:1400]
x_test, y_test = digits.images[1400:] / 16, digits.target[1400:]"""),
    Part("build", "solution", '''def build_model():
    """Return an untrained model from 8 by 8 images to ten probabilities."""
    ### BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((8, 8)),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )
    ### END SOLUTION'''),
    Part("build-shape", "check", "assert tuple(build_model().output_shape) == (None, 10), 'Ten numbers per image.'"),
    Part("train", "solution", '''def train(model):
    """Train for three epochs and return the history."""
    ### BEGIN SOLUTION
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(x_train, y_train, epochs=3, batch_size=32, verbose=0)
    ### END SOLUTION'''),
    Part("run", "setup", "model = build_model()\nhistory = train(model)"),
    Part("loss-falls", "check", """losses_ = history.history["loss"]
assert len(losses_) == 3 and losses_[-1] < losses_[0], 'The loss must fall over three epochs.'"""),
    Part("held-out-accuracy", "check", """accuracy_ = float((model.predict(x_test, verbose=0).argmax(axis=1) == y_test).mean())
assert accuracy_ >= 0.8, f'Accuracy on the digits kept back is {accuracy_:.3f}; 0.80 is wanted.'"""),
)  # fmt: skip
_TENSORFLOW = Part("imports", "setup", "import numpy as np\nimport tensorflow as tf\nimport keras")
_NUMPY = Part("imports", "setup", "import numpy as np")

ASSIGNMENTS = (
    Assignment("functions", "5 functions, 4 checks; imports TensorFlow, no training", (_TENSORFLOW, *_FUNCTIONS)),
    Assignment("numpy", "the same 5 functions and 4 checks; imports NumPy only", (_NUMPY, *_FUNCTIONS)),
    Assignment("training", "a Keras network, 3 epochs on 1,400 digits, 3 checks", (_TENSORFLOW, *_TRAINING)),
)
