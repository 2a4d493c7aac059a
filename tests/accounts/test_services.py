"""An API token is made anew, and taken away."""

import pytest

from learnpaths.accounts import tokens
from learnpaths.accounts.models import ApiToken
from learnpaths.accounts.services import delete_token, rotate_token

pytestmark = pytest.mark.django_db


def test_a_new_token_ends_the_old_one(alice, bob):
    first, others = rotate_token(user=alice), rotate_token(user=bob)
    second = rotate_token(user=alice)
    assert {row.digest for row in ApiToken.objects.all()} == {tokens.digest(second), tokens.digest(others)}
    assert len({first, second, others}) == 3


def test_taking_it_away_twice_is_no_error(alice):
    rotate_token(user=alice)
    delete_token(user=alice)
    delete_token(user=alice)
    assert not ApiToken.objects.exists()
