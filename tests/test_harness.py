"""The harness itself: what every other test relies on."""

import socket

import pytest
from django.conf import settings
from pytest_socket import SocketConnectBlockedError

from tests.isolation import STATE_DIR


def test_it_has_a_state_folder_of_its_own():
    assert settings.STATE_DIR == STATE_DIR
    assert settings.BASE_DIR not in STATE_DIR.parents


def test_the_broker_is_real_and_empty(broker):
    assert broker.dbsize() == 0 or not list(broker.scan_iter("submission:*"))
    broker.set("submission:left-behind", "1")


def test_the_broker_is_empty_again(broker):
    assert broker.get("submission:left-behind") is None


def test_the_world_outside_is_out_of_reach():
    with pytest.warns(UserWarning, match="192.0.2.1"), pytest.raises(SocketConnectBlockedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)


def test_the_cast(alice, bob, charlie, password):
    assert not alice.is_educator
    assert bob.is_educator
    assert not bob.is_staff
    assert charlie.is_superuser
    assert all(user.check_password(password) for user in (alice, bob, charlie))
