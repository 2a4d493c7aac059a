"""Whose request it is: the connection's address, or what our own proxy says, never what a visitor writes."""

import pytest
from django.test import RequestFactory

from learnpaths.core.addresses import read_address, read_network


def ask(**meta):
    return RequestFactory().get("/", **meta)


def test_the_connection_counts() -> None:
    assert read_address(ask(REMOTE_ADDR="192.0.2.7")) == "192.0.2.7"


def test_a_forwarded_address_is_believed_only_from_our_proxy(settings) -> None:
    request = ask(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 192.0.2.9")
    settings.TRUST_PROXY = False
    assert read_address(request) == "10.0.0.1"
    settings.TRUST_PROXY = True
    assert read_address(request) == "192.0.2.9"
    assert read_address(ask(REMOTE_ADDR="10.0.0.1")) == "10.0.0.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("nonsense", "nonsense"),
    ],
)
def test_limits_count_by_network(address, network) -> None:
    assert read_network(ask(REMOTE_ADDR=address)) == network
