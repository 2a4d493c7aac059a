"""What the engine itself says of a check that came to no judgement, in words for the learner.

A hidden check shows what its author wrote for "this is wrong", or one of these. They are fixed sentences: once the notebook has
been told hidden data, a text that it had a hand in (an error's, a type's name, a layer's) could carry that data.
"""

import re

from . import faults
from .rebuild import CannotRebuild
from .rpc_client import LearnerError

_PLAIN = "Give it plain values: numbers, texts, lists, dicts, arrays, tensors or tables."
RAISED = (
    "Your code raised an error when this check used it, with values that you have not seen. "
    "Try it with others: other lengths, other numbers, none at all."
)
UNUSABLE = (
    "This check could not use what your code gave it: it is of another kind, length or shape than the check expects. "
    + _PLAIN
)
NOT_EXAMINABLE = (
    "Your model cannot be examined: it has something that the examiner cannot build again, so nothing was measured. "
    "Use Keras' own layers and operations, no Lambda, no layer or class of your own."
)
_OF_FAULTS: tuple[tuple[type[faults.Fault], str], ...] = (
    (faults.ChangedInPlace, "Your code changed in place what this check gave it. Work on a copy and return that."),
    (faults.Unfinished, "This check builds on an earlier one, which did not come to its end."),
    (
        faults.TooManyQuestions,
        f"What your code gave this check can only be asked about piece by piece, and it is too much for that. {_PLAIN}",
    ),
    (faults.HandleMisuse, f"Your code gave this check an object of a kind that it cannot judge. {_PLAIN}"),
    (
        faults.WireError,
        f"What your code gave this check could not be handed over: it is too large, nested too deeply, or of a kind that cannot be "
        f"copied. {_PLAIN}",
    ),
)


def of_public(error: BaseException) -> str:
    """Return the engine's words on a public check that ended in this error; none where the error itself says what is wrong."""
    if isinstance(error, faults.Fault):
        return next(words for kind, words in _OF_FAULTS if isinstance(error, kind))
    if isinstance(error, AssertionError | LearnerError) or (isinstance(error, NameError) and error.name):
        return ""
    return f"{UNUSABLE} Python says: {error}"


def of_hidden(error: BaseException, source: str, *, has_told: bool) -> str:
    """Return the engine's words on a hidden check that ended in this error; none where the check judged, and its author's hold.

    A name is said only if the check's own code (`source`) has it: an error of the notebook's can name anything.
    """
    if isinstance(error, faults.Fault):
        return next(words for kind, words in _OF_FAULTS if isinstance(error, kind))
    if isinstance(error, CannotRebuild):
        return NOT_EXAMINABLE if has_told else str(error)
    if isinstance(error, AssertionError):
        return ""
    if isinstance(error, NameError) and error.name and re.search(rf"\b{re.escape(error.name)}\b", source):
        return f"Your notebook has no {error.name}: is the cell that makes it there, and has it run?"
    return RAISED if isinstance(error, LearnerError) else UNUSABLE
