"""Values to nodes: what the other side has is referred to, what is new is defined once; test_wire.py has whole crossings."""

import numpy as np
import pytest

from exercises.runner import dataframes, encoder, npy, shared
from exercises.runner.faults import WireError


@pytest.fixture
def table():
    return shared.Table(1)


def refuse(value):
    raise WireError(type(value).__name__)


def test_what_crosses_again_is_a_reference(table):
    made = encoder.Encoder(refuse, table)
    items = [1]
    assert made.node([items, items]) == ["l", [["l", [1], 2], ["r", 2]], 1]


def test_a_list_may_contain_itself(table):
    items = []
    items.append(items)
    assert encoder.Encoder(refuse, table).node(items) == ["l", [["r", 1]], 1]


def test_without_a_table_everything_is_a_copy():
    items = [1]
    assert encoder.Encoder(refuse).node([items, items]) == ["l", [["l", [1], None]] * 2, None]


def test_a_view_of_a_known_array_is_sent_as_one(table):
    made = encoder.Encoder(refuse, table)
    base = np.arange(10)
    made.node(base)
    assert made.node(base[2:8:2])[:5] == ["v", 1, 2 * base.itemsize, [3], [2 * base.itemsize]]
    assert len(made.buffers) == 1


def test_a_new_content_keeps_its_number(table):
    items = [1]
    made = encoder.Encoder(refuse, table)
    made.node(items)
    items.append(2)
    assert made.definition(1, table) == ["l", [1, 2], 1]


@pytest.mark.parametrize("key", [object(), (1, object())])
def test_a_dict_with_keys_of_the_notebooks_own_is_no_plain_value(key):
    with pytest.raises(WireError, match="dict"):
        encoder.Encoder(refuse).node({key: 1})


def test_all_bytes_of_a_message_are_counted(monkeypatch):
    monkeypatch.setattr(npy, "MAX_BYTES", 100)
    made = encoder.Encoder(refuse)
    made.node("x" * 60)
    with pytest.raises(WireError, match="too many bytes"):
        made.node(b"x" * 60)


def test_what_has_no_plain_form_makes_its_array_a_handle():
    made = encoder.Encoder(lambda value: ["h", 1, type(value).__name__, "object"])
    assert made.node(np.array([1, object()], object))[0] == "h"
    with pytest.raises(dataframes.Unplain):
        encoder.no_handle(object())


@pytest.mark.parametrize(
    ("array", "is_viewable"),
    [(np.zeros(3), True), (np.zeros((2, 3)).T, True), (np.zeros(6)[::2], False), (np.array([None]), False)],
    ids=["plain", "fortran", "steps", "objects"],
)
def test_whose_bytes_lie_alike_on_both_sides(array, is_viewable):
    assert encoder.is_viewable(array) is is_viewable
