"""One zygote for all attacks, and an arena that grades an attack and then looks at what it left behind."""

import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from exercises.assignment.definition import Definition
from exercises.assignment.report import Report
from exercises.grading import engine, zygotes
from exercises.pages import verdict_messages
from exercises.sandbox.zygote_process import Zygote
from tests.exercises.attacks import exercise
from tests.exercises.attacks.exercise import HONEST
from tests.exercises.attacks.table import TABLE

LATE_SECONDS = 60  # beyond the wall limit, on a loaded machine
PROBE = """
import json, os, socket
def attempt(action):
    try:
        return ["done", repr(eval(action))[:200]]
    except BaseException as error:
        return ["refused", type(error).__name__]
def attempts(actions):
    return {name: attempt(action) for name, action in actions.items()}
"""
OUTCOMES_OF_AN_HONEST_RUN = {"small": "passed", "unseen": "passed", "after": "passed", "accuracy": "unattempted"}


@pytest.fixture(scope="package")
def attacked_data(tmp_path_factory) -> Iterator[dict[str, str]]:
    """The data of the attacked exercise, in a content root beside the site's own."""
    root = tmp_path_factory.mktemp("attacked")
    data = exercise.write_data(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "CONTENT_DIRS", [root, *settings.CONTENT_DIRS])
        yield data


@pytest.fixture(scope="package")
def arena(attacked_data) -> Iterator["Arena"]:
    before = dict(zygotes._zygotes)
    arena = Arena(exercise.write_definition(attacked_data), attacked_data)
    try:
        arena.start()
        yield arena
    finally:
        zygotes._zygotes.clear()
        zygotes._zygotes.update(before)
        arena.zygote.stop()


@pytest.fixture
def attack(arena: "Arena") -> Iterator["Arena"]:
    """The arena; as the last part of the test, the zygote, the worker and what is still running are examined."""
    arena.held = (_descriptors(), threading.active_count())
    yield arena
    arena.recover()


@pytest.fixture
def next_learner() -> None:
    """Asks for one more part of the test: an honest submission right after the attack."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--attack-table", type=Path, help="write the table of attacks to this Markdown file")


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("--attack-table") and config.getoption("numprocesses"):
        raise pytest.UsageError("--attack-table needs all attacks in one process: leave -n out (make test PARALLEL=).")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """An attack is over when nothing of it is left: part of the test itself, so that a known failure is one mark."""
    TABLE.begin(item.module.__doc__.partition(":")[0], item.name)
    began, held = time.monotonic(), False
    try:
        result = yield
        if "attack" in item.funcargs:
            item.funcargs["attack"].assert_unharmed(next_learner="next_learner" in item.fixturenames)
        held = True
        return result
    finally:
        TABLE.end(seconds=time.monotonic() - began, held=held)


def pytest_sessionfinish(session: pytest.Session) -> None:
    if path := session.config.getoption("--attack-table", default=None):
        TABLE.write(path)


@dataclass
class Arena:
    """Grades sources of the attacked exercise on a real zygote."""

    definition: Definition
    data: dict[str, str]
    held: tuple[int, int] = (0, 0)  # descriptors and threads of this process when the test began
    clean: dict[str, Any] = field(default_factory=dict)  # what the first learner of the zygote found on arrival

    def start(self) -> None:
        """Start the zygote and remember what its world looks like before any attack."""
        self.zygote: Zygote = zygotes.new_zygote()
        self.zygote.start()
        zygotes.use(self.zygote)
        self.clean = {}
        self.clean = arrival(self.submit(HONEST))
        self._settled = self._tree_at_rest()

    def submit(
        self,
        first: str,
        second: str | None = None,
        *,
        definition: Definition | None = None,
        seed: int = 1,
        **limits: int,
    ) -> dict[str, Any]:
        """Return the report; `first` and `second` are the solution cells, `limits` change the exercise's.

        Whoever is graded next inspects what the attack before left: each submission begins with that look.
        """
        definition = definition or self.definition
        definition = replace(definition, limits=replace(definition.limits, **limits))
        sources = {"first": first} | ({"second": second} if second is not None else {})
        report = engine.grade_notebook(definition, sources, seed=seed).to_json()
        assert report["usage"]["wall_seconds"] < definition.limits.wall_seconds + LATE_SECONDS
        text = json.dumps(report, ensure_ascii=False, allow_nan=False)
        assert len(text) < 200_000, "a report is kept: it is small, whatever a learner does"
        if self.clean:
            assert _lasting(arrival(report)) == _lasting(self.clean), "something of the run before is left"
        return report

    def variant(self, **sources: str) -> Definition:
        """Return the exercise with other code in its checks."""
        return exercise.write_definition(self.data, **sources)

    def checking(self, checks: dict[str, str]) -> Definition:
        """Return the exercise with these public checks (code by name, one point each) in place of its own."""
        return exercise.write_checks(self.definition, checks)

    def look(self, source: str, **limits: int) -> Any:
        """Run a learner's cell that assigns `seen`, and return that value; the rest of the run is honest."""
        report = self.submit(f"{HONEST}\n{source}\nprint('SEEN' + json.dumps(seen))", **limits)
        assert report["verdict"] == "passed", report
        return json.loads(output(report).rpartition("SEEN")[2])

    def attempts(self, actions: dict[str, str]) -> dict[str, str]:
        """Try each action (an expression) in one kernel, one after the other; return "done" or "refused" by name."""
        return {name: answer[0] for name, answer in self.look(f"{PROBE}\nseen = attempts({actions!r})").items()}

    def beside(self) -> "Beside":
        """An honest submission that runs while the body of the `with` does."""
        return Beside(self)

    def assert_unharmed(self, *, next_learner: bool = True) -> None:
        """Nothing of the attack is still running, and the next learner scores honestly."""
        assert self.zygote.is_alive
        if next_learner:
            assert_honest(self.submit(HONEST), is_expected=False)
        assert self._tree_at_rest(self._settled) <= self._settled, "processes of an attack outlive it"
        assert _descriptors() <= self.held[0], "the worker keeps descriptors of a run that is over"
        assert threading.active_count() <= self.held[1], "the worker keeps threads of a run that is over"

    def recover(self) -> None:
        """Start afresh where an attack has won, so that the next test says something about its own."""
        if not self.zygote.is_alive or self._tree_at_rest(self._settled) > self._settled:
            self.zygote.stop()
            self.start()

    def _tree_at_rest(self, wanted: int = 0) -> int:
        """Return how many processes the outer jail holds: at once where that is the wanted number, else when it rests."""
        counts = [-1, -2]
        for _ in range(100):
            counts.append(len(descendants(self.zygote._process.pid)))  # type: ignore[union-attr]
            if counts[-1] <= wanted or (not wanted and len(set(counts[-4:])) == 1):
                break
            time.sleep(0.1)
        return counts[-1]


class Beside(threading.Thread):
    """An honest submission in a thread, as another worker process would run it."""

    def __init__(self, arena: Arena) -> None:
        super().__init__(daemon=True)
        self._arena = arena
        self.report: dict[str, Any] = {}

    def run(self) -> None:
        self.report = self._arena.submit(f"import time\ntime.sleep(1.5)\n{HONEST}", wall_seconds=60)

    def __enter__(self) -> "Beside":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.join(120)
        assert_honest(self.report)


def outcomes(report: dict[str, Any]) -> dict[str, str]:
    return {check["id"]: check["outcome"] for check in report["checks"]}


def message(report: dict[str, Any], check_id: str) -> str:
    return next(str(check["message"]) for check in report["checks"] if check["id"] == check_id)


def output(report: dict[str, Any], cell_id: str = "first") -> str:
    return next(str(cell.get("output", "")) for cell in report["cells"] if cell["id"] == cell_id)


def arrival(report: dict[str, Any]) -> dict[str, Any]:
    """What the learner of this report found on arrival."""
    return json.loads(output(report, "arrival"))


def _lasting(arrived: dict[str, Any]) -> dict[str, Any]:
    return arrived | {"pid_namespace": ""}


def assert_honest(report: dict[str, Any], *, is_expected: bool = True) -> None:
    if is_expected:
        TABLE.expect(report, ["passed"])
    assert outcomes(report) == OUTCOMES_OF_AN_HONEST_RUN, report
    assert (report["verdict"], report["points"]) == ("passed", 5)


def assert_ended(report: dict[str, Any], *verdicts: str, points: int | None = 0) -> None:
    """The run ended in one of these verdicts, with those points; a limit's verdict names the limit and its value."""
    TABLE.expect(report, verdicts)
    shown = {name: report[name] for name in ("verdict", "points", "checks", "cells", "usage")}
    assert report["verdict"] in verdicts, shown
    assert points is None or report["points"] == points, shown
    assert report["passed"] is (report["verdict"] == "passed")
    assert report["verdict"] in verdict_messages.EXPLANATIONS
    if report["verdict"].endswith("_limit"):
        assert_named(report)


def assert_named(report: dict[str, Any]) -> None:
    """The learner is told which limit, its value and what was used; a disk may be full of files instead of bytes."""
    told = verdict_messages.limit_reached(report["verdict"], Report.from_json(report))
    assert told and told.allowed and told.used
    limit = report["limit"]
    assert report["usage"][limit] >= report["limits"][limit] or limit == "disk_bytes", (limit, report["usage"])


def descendants(pid: int) -> list[int]:
    """Living processes below `pid`, zombies left out."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_bytes().rpartition(b")")[2].split()
            except OSError:
                continue
            if fields[0] not in (b"Z", b"X"):
                parents[int(entry.name)] = int(fields[1])
    found = [pid]
    for parent in found:
        found += [child for child, its_parent in parents.items() if its_parent == parent]
    return found


def _descriptors() -> int:
    return len(os.listdir("/proc/self/fd"))
