"""Three accounts to look around with."""

import pytest
from django.contrib.auth import authenticate

from learnpaths.accounts.models import User
from learnpaths.serving import demo

pytestmark = pytest.mark.django_db


def test_it_makes_a_learner_an_educator_and_an_admin(rf):
    passwords = demo.make_accounts()
    assert list(passwords) == ["learner@example.org", "educator@example.org", "admin@example.org"]
    learner, educator, admin = (User.objects.get(email=email) for email in passwords)
    assert (learner.is_educator, educator.is_educator, admin.is_superuser) == (False, True, True)
    for email, password in passwords.items():
        assert authenticate(rf.post("/"), username=email, password=password)


def test_passwords_come_once_and_again_only_when_asked_for():
    first = demo.make_accounts()
    assert demo.make_accounts() == {}
    second = demo.make_accounts(reset=True)
    assert second.keys() == first.keys()
    assert not set(second.values()) & set(first.values())


def test_an_account_that_was_put_to_sleep_wakes_with_its_new_password():
    demo.make_accounts()
    User.objects.update(is_active=False)
    demo.make_accounts(reset=True)
    assert User.objects.filter(is_active=True).count() == 3
