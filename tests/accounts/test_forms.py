"""A person changes their name and nothing else."""

import pytest

from learnpaths.accounts.forms import ProfileForm

pytestmark = pytest.mark.django_db


def test_the_name_is_cleaned(alice):
    form = ProfileForm({"display_name": "  Alice   Adams ", "email": "x@example.org"}, instance=alice)
    assert form.is_valid()
    assert (form.save().display_name, alice.email) == ("Alice Adams", "alice@example.org")
    assert list(form.fields) == ["display_name"]


@pytest.mark.parametrize("name", ["x" * 81, "a\u202eb", "123"])
def test_what_is_no_name_is_refused(alice, name):
    form = ProfileForm({"display_name": name}, instance=alice)
    assert not form.is_valid()
    assert "display_name" in form.errors
