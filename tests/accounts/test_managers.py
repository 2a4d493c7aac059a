"""People are made and found by address."""

import pytest
from django.contrib.auth import authenticate

from learnpaths.accounts.models import User

pytestmark = pytest.mark.django_db


def test_it_works(password):
    user = User.objects.create_user(" Dora@Example.ORG ", password, display_name="Dora")
    assert user.email == "dora@example.org"
    assert user.check_password(password)
    assert not user.is_staff
    assert User.objects.get_by_natural_key("DORA@example.org") == user


def test_sign_in_is_by_address_in_any_case(rf, password):
    user = User.objects.create_user("dora@example.org", password)
    assert authenticate(rf.post("/"), username="DORA@example.org", password=password) == user
    assert authenticate(rf.post("/"), username="dora@example.org", password="wrong") is None


def test_no_address_is_refused():
    with pytest.raises(ValueError, match="needs an e-mail address"):
        User.objects.create_user("  ")


def test_without_password_nobody_gets_in(rf):
    User.objects.create_user("dora@example.org")
    assert authenticate(rf.post("/"), username="dora@example.org", password="") is None
