"""Signing in brings a visitor's answers along."""

import pytest
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from learnpaths.progress import selectors

pytestmark = pytest.mark.django_db


def test_a_sign_in_adopts_what_the_browser_kept(client, garden, alice, password):
    client.post("/paths/garden/seeds/checkpoints/one-step/", {"answer": "1.4"})
    client.post("/accounts/login/", {"login": alice.email, "password": password})
    assert selectors.answers(alice, "seeds") == {"one-step": "1.4"}


@pytest.mark.parametrize("request_", [None, HttpRequest()])
def test_a_sign_in_without_a_browser_is_no_error(alice, request_):
    user_logged_in.send(sender=type(alice), request=request_, user=alice)
    assert selectors.answers(alice, "seeds") == {}
