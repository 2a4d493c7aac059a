import pytest
from django.db import IntegrityError

from learnpaths.accounts.models import User

pytestmark = pytest.mark.django_db


def test_one_address_is_one_account():
    User.objects.create_user("dora@example.org")
    with pytest.raises(IntegrityError):
        User(email="DORA@example.org").save()


def test_educators_and_administrators_may_teach(alice, bob, charlie):
    assert not alice.is_educator
    assert bob.is_educator
    assert charlie.is_educator


def test_name_shown_to_others_is_never_the_address(alice):
    assert alice.get_full_name() == "alice"
    alice.display_name = "Alice A."
    assert alice.get_full_name() == "Alice A."
