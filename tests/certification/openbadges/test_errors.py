"""An error of a badge is a sentence, which a page can say in the reader's language."""

import pytest

from certification.openbadges import errors


def test_facts_fill_in_the_message():
    error = errors.Malformed("Its “%(name)s” is missing.", name="id")
    assert str(error) == "Its “id” is missing."
    assert (error.message, error.facts) == ("Its “%(name)s” is missing.", {"name": "id"})


def test_without_facts_a_percent_sign_is_one():
    assert str(errors.TooCostly("100 %")) == "100 %"


@pytest.mark.parametrize("kind", [errors.Malformed, errors.TooCostly, errors.SignatureError, errors.KeyFileError])
def test_every_error_is_one_of_a_badge(kind):
    assert issubclass(kind, errors.BadgeError)
    assert issubclass(errors.UnknownContext, errors.Malformed)
