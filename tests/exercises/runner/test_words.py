"""What the engine itself says of a check that came to no judgement."""

import pytest

from exercises.runner import faults, words
from exercises.runner.architecture import CannotRebuild
from exercises.runner.rpc_client import LearnerError

SECRET = "17 is hidden"


@pytest.mark.parametrize(
    ("fault", "part"),
    [
        (faults.ChangedInPlace(SECRET), "changed in place"),
        (faults.Unfinished(SECRET), "builds on an earlier one"),
        (faults.TooManyQuestions(SECRET), "piece by piece"),
        (faults.HandleMisuse(SECRET), "a kind that it cannot judge"),
        (faults.WireError(SECRET), "could not be handed over"),
    ],
)
def test_a_fault_is_told_in_a_fixed_sentence(fault, part):
    for text in (words.of_public(fault), words.of_hidden(fault, "", has_told=False)):
        assert part in text and SECRET not in text


def test_a_public_check_shows_what_python_says():
    assert words.of_public(TypeError("no len")) == f"{words.UNUSABLE} Python says: no len"


@pytest.mark.parametrize("error", [AssertionError("wrong"), LearnerError("odd"), NameError("no f", name="f")])
def test_a_public_check_has_no_words_where_the_error_says_all(error):
    assert words.of_public(error) == ""


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (AssertionError(SECRET), ""),
        (LearnerError(SECRET), words.RAISED),
        (TypeError(SECRET), words.UNUSABLE),
        (NameError(SECRET, name="f"), "Your notebook has no f: is the cell that makes it there, and has it run?"),
        (NameError(SECRET, name="secret17"), words.UNUSABLE),
    ],
)
def test_a_hidden_check_repeats_nothing_that_the_notebook_had_a_hand_in(error, said):
    assert words.of_hidden(error, "assert f(1) == 2", has_told=True) == said


def test_why_a_model_cannot_be_rebuilt_is_told_until_hidden_data_may_have_been():
    error = CannotRebuild("The layer 'twice' (Lambda) cannot be examined")
    assert words.of_hidden(error, "", has_told=False) == str(error)
    assert words.of_hidden(error, "", has_told=True) == words.NOT_EXAMINABLE
