"""The zygotes that a process may lease jails from."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from exercises.assignment.reader import read_exercises
from exercises.grading import engine, zygotes
from exercises.sandbox.errors import NoDevice, RuntimeMissing, SandboxError

pytestmark = pytest.mark.jail

ROOT = settings.CONTENT_DIRS[0]

DEFINITIONS, PROBLEMS = read_exercises(ROOT / "exercises", ROOT / "data")


def report_of(definition, sources, **options):
    return engine.grade_notebook(definition, sources, seed=5, **options)


def test_several_runtimes_live_side_by_side(tmp_path, settings, monkeypatch):
    for name in ("tf-2.21", "tf-next"):
        (tmp_path / name).symlink_to(settings.RUNTIME_DIR)
    settings.RUNTIME_DIR = tmp_path / "tf-2.21"
    monkeypatch.setattr(zygotes, "_zygotes", dict(zygotes._zygotes))
    assert zygotes.runtimes() == ["tf-2.21", "tf-next"]
    definition = replace(DEFINITIONS["tf-data-pipeline"], runtime="tf-next")
    try:
        report = report_of(definition, definition.reference_sources())
        assert report.passed and report.runtime["name"] == "tf-next"
    finally:
        for zygote in zygotes._zygotes.get(("cpu", "tf-next"), ()):
            zygote.stop()


def test_a_runtime_that_this_host_lacks_is_a_fault_of_ours():
    definition = replace(DEFINITIONS["tf-data-pipeline"], runtime="tf-1.15")
    with pytest.raises(SandboxError, match=r"There is no runtime tf-1\.15"):
        report_of(definition, definition.reference_sources())


@pytest.fixture
def empty(monkeypatch, tmp_path, settings):
    """A process that has no zygote yet, with a state folder of its own."""
    settings.STATE_DIR = tmp_path
    monkeypatch.setattr(zygotes, "_zygotes", {})
    monkeypatch.setattr(zygotes, "_is_fixed", False)


def named(runtime, queue="cpu", *, address="/none", is_alive=True):
    return SimpleNamespace(queue=queue, runtime=Path(runtime), address=address, is_alive=is_alive)


def test_a_worker_serves_what_it_was_given_and_starts_nothing(empty):
    assert zygotes.served_runtimes() is None
    own = named("tf-2.21")
    zygotes.serve_only([own, named("tf-2.21", "gpu")])
    assert zygotes.served_runtimes() == ["tf-2.21"] and zygotes.zygote_of("tf-2.21") is own
    with pytest.raises(RuntimeMissing):
        zygotes.zygote_of("tf-1.15")
    with pytest.raises(NoDevice):
        zygotes.zygote_of("tf-2.21", "tpu")


def test_warm_are_those_of_the_processor_that_live(empty):
    zygotes.serve_only([named("a", address="/a"), named("b", is_alive=False), named("c", "gpu")])
    assert zygotes.warm() == {"a": "/a"}


def test_a_shared_zygote_is_known_while_its_socket_is_there(empty, tmp_path):
    socket = tmp_path / "socket"
    socket.touch()
    zygotes.share(named("tf-2.21", address=str(socket)))
    assert zygotes.shared() == {"tf-2.21": str(socket)}
    socket.unlink()
    assert zygotes.shared() == {}
