import base64
import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certification.openbadges import statuslist
from certification.openbadges.errors import Malformed


@given(st.sets(st.integers(0, statuslist.SIZE - 1), max_size=20))
def test_exactly_the_given_bits_are_set(indexes) -> None:
    bits = statuslist.decode(statuslist.encode(indexes))
    assert len(bits) * 8 == statuslist.SIZE
    assert sum(byte.bit_count() for byte in bits) == len(indexes)
    assert all(statuslist.is_set(bits, index) for index in indexes)


def test_the_first_place_is_the_most_significant_bit() -> None:
    assert statuslist.decode(statuslist.encode([0]))[0] == 0x80


def test_a_random_free_place() -> None:
    used = set(range(statuslist.SIZE // 2 - 1))
    found = {statuslist.free_index(used) for _ in range(50)}
    assert not found & used
    assert len(found) > 40


def test_a_half_full_list_has_no_place() -> None:
    assert statuslist.free_index(range(statuslist.SIZE // 2)) is None


def pack(data: bytes) -> str:
    return "u" + base64.urlsafe_b64encode(gzip.compress(data)).rstrip(b"=").decode()


@pytest.mark.parametrize(
    "encoded",
    ["", "zabc", "u", "u!!!", "uAAAA", pack(b"\0" * 100), pack(b"\0" * (2**20 + 1)), pack(b"\0" * 2**14)[:-8]],
    ids=["empty", "base58", "nothing", "no base64", "no gzip", "too short", "bomb", "cut off"],
)
def test_a_bad_list_is_refused(encoded) -> None:
    with pytest.raises(Malformed):
        statuslist.decode(encoded)


@pytest.mark.parametrize("index", [-1, statuslist.SIZE])
def test_a_place_outside_is_refused(index) -> None:
    with pytest.raises(Malformed):
        statuslist.is_set(bytes(statuslist.SIZE // 8), index)
