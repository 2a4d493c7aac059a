"""A worker tries its own jail before it takes work."""

import pytest

from exercises.grading import zygotes
from exercises.sandbox import selftest
from exercises.sandbox.errors import CannotConfine

pytestmark = pytest.mark.jail


@pytest.fixture
def address():
    return zygotes.zygote_of("tf-2.21").address


def test_every_layer_holds(address):
    layers = selftest.examine(address)
    assert len(layers) >= 13 and [layer.name for layer in layers if not layer.holds] == []


def test_a_missing_layer_is_named_and_refused(address, tmp_path, monkeypatch):
    broken = tmp_path / "canaries.py"
    broken.write_text('print(\'[["walls", "walking through", false], ["roof", "rain", true]]\')')
    monkeypatch.setattr(selftest, "_CANARIES", broken)
    with pytest.raises(CannotConfine, match=r"lacks: walls \(walking through\)\. It takes no work"):
        selftest.require(address)


def test_a_self_test_that_cannot_run_is_a_refusal(address, tmp_path, monkeypatch):
    broken = tmp_path / "canaries.py"
    broken.write_text("1 / 0")
    monkeypatch.setattr(selftest, "_CANARIES", broken)
    with pytest.raises(CannotConfine, match="ZeroDivisionError"):
        selftest.require(address)
