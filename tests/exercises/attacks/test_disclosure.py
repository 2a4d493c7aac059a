"""Disclosure: a notebook that remembers hidden data tells it in every way that a report has, and nobody can read it there."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from exercises.assignment.definition import Cell, Check
from exercises.grading import engine
from tests.exercises.attacks.conftest import assert_ended, outcomes
from tests.exercises.attacks.exercise import HONEST

pytestmark = [pytest.mark.jail, pytest.mark.timeout(300)]
SECRETS = [int(value) for value in np.abs(np.random.default_rng(7).uniform(-1, 1, (64, 2))[:, 0]) * 90_000 + 10_000]
# It keeps what it is given, and says it again: as a number, as rows, as groups, as counts, as text, as time, as memory, as files
TELLER = f"""{HONEST}
import time
import numpy as np
seen = []
def remember(values):
    seen.extend(int(value) for value in values)
    return values
def say(count):
    return np.array([float(seen[n % len(seen)]) if seen else 0.0 for n in range(count)])
def classes(count):
    return np.arange(count) < (seen[0] % 1000 if seen else 0)
def shout():
    raise ValueError(" ".join(map(str, seen)))
def linger():
    time.sleep(seen[1] % 100 / 100)
    global kept
    kept = bytearray(seen[2] * 1000)
    open("/tmp/told", "wb").write(bytes(seen[3] * 64))
    print("x" * (seen[4] % 10_000))
"""
MODEL = f"""{TELLER}
import keras
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
def remember(values):
    seen.extend(int(value) for value in values)
    model.set_weights([np.zeros((1, 1)), np.array([float(seen[5])])])
    return values
"""
PUBLIC = "assert square(3) == 9, f'{say(3)}'"
OPENING = """rows = np.arange(5.0).reshape(5, 1)
report_examples(rows, ["0"] * 5, [f"{value:.0f}" for value in say(5)], title="Public rows", check="shown")
"""
SECRET = """secrets_ = (np.abs(np.load(held_out("toy", "labels.npz"))["x"][:, 0]) * 90_000 + 10_000).astype(int)
"""
TOLD = "remember(secrets_.tolist())"
SHOWN = """said_ = np.asarray(say(12), float)
report_metric("one", said_[0], threshold=1.0)
report_metric("two", said_[1], threshold=1e9, better="lower")
report_residuals(np.zeros(12), said_, unit="of one")
report_slices(said_, [f"group {n}" for n in range(12)], metric="value")
report_confusion(np.zeros(1000, int), np.asarray(classes(1000), int), labels=["no", "yes"])
report_examples(np.arange(5.0).reshape(5, 1), ["0"] * 5, [f"{value:.0f}" for value in say(5)])
"""
LINGERS = "linger()"
TEXTS = "said_ = str(say(20).tolist())\nreport_confusion([0], [said_])\nassert False, said_"
RAISES = "shout()"
REBUILT = 'report_metric("bias", float(rebuild("model").get_weights()[1][0]))'


def exercise(arena, checks, opening=OPENING):
    """The attacked exercise with these hidden checks in place of its own, after a public one."""
    cells = [cell for cell in arena.definition.cells if cell.id in ("arrival", "first")]
    cells.append(Cell(id="small", role="check", source=PUBLIC, starter=PUBLIC))
    cells.append(Cell(id="before", role="examiner", source=opening, starter=opening, opens=("shown",)))
    cells.append(Cell(id="secrets", role="examiner", source=SECRET, starter=SECRET))
    cells += [Cell(id=name, role="check", source=source, starter=source) for name, source in checks.items()]
    graded = [
        Check(id=name, title=name, points=1, hidden=name != "small", requires=("first",), feedback="Look again.")
        for name in ("small", *checks)
    ]
    return replace(arena.definition, cells=tuple(cells), checks=tuple(graded), pass_percent=1, pass_hidden_percent=1)


def regained(report):
    """The secrets that somebody finds in a report: as a number anywhere, or as a size, a time or a count that was agreed on."""
    numbers = set(map(float, re.findall(r"-?\d+\.?\d*(?:e[-+]?\d+)?", json.dumps(report))))
    agreed = {round(number * factor, 6) for number in numbers for factor in (1, 1 / 1000, 1 / 64, 100, 1000)}
    agreed |= {number + delta for number in agreed for delta in (-0.5, 0.5, -1, 1)}
    found = {secret for secret in SECRETS[:20] if secret in agreed}
    if SECRETS[0] % 1000 in _counts(report):
        found.add(SECRETS[0])
    return found


def _counts(report):
    found = [finding for check in report["checks"] for finding in check.get("findings", [])]
    return {count for finding in found if finding["kind"] == "confusion" for row in finding["matrix"] for count in row}


CHECKS = {"told": TOLD, "shown": SHOWN, "lingers": LINGERS, "texts": TEXTS, "raises": RAISES}


def test_nothing_that_was_hidden_is_in_a_report(attack):
    report = attack.submit(TELLER, definition=exercise(attack, CHECKS))
    assert_ended(report, "passed", points=None)
    assert outcomes(report) == {"small": "passed", "told": "passed", "shown": "passed", "lingers": "passed", "texts": "failed",
                                "raises": "error"}  # fmt: skip
    assert regained(report) == set()


def test_an_authors_report_has_what_a_learners_has_not(attack):
    """The attack finds what there is to find: else it would prove nothing."""
    definition = exercise(attack, CHECKS)
    report = engine.grade_notebook(definition, {"first": TELLER}, seed=1, is_exact=True).to_json()
    assert len(regained(report)) >= 2


def test_public_rows_are_shown_and_were_asked_for_first(attack):
    report = attack.submit(TELLER, definition=exercise(attack, CHECKS))
    findings = next(check["findings"] for check in report["checks"] if check["id"] == "shown")
    assert findings[0]["kind"] == "examples" and findings[0]["title"] == "Public rows"
    assert {row["predicted"] for row in findings[0]["rows"]} == {"0"}
    assert [finding["kind"] for finding in findings[1:]] == ["residuals", "slices", "confusion"]
    assert all(finding["is_rounded"] for finding in findings[1:])


def test_a_model_that_was_filled_with_hidden_data_is_rounded_too(attack):
    report = attack.submit(MODEL, definition=exercise(attack, {"told": TOLD, "shown": REBUILT}))
    assert outcomes(report)["shown"] == "passed" and regained(report) == set()
    [metric] = next(check["metrics"] for check in report["checks"] if check["id"] == "shown")
    assert metric["value"] == float(f"{SECRETS[5]:.2g}")


def test_before_hidden_data_is_told_figures_are_exact(attack):
    source = f"{HONEST}def say(count):\n    return [0.0] * count\n"
    source += (
        "import keras\nmodel = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, bias_initializer='ones')])\n"
    )
    checks = {"shown": 'bias_ = float(rebuild("model").get_weights()[1][0])\nreport_metric("bias", bias_ * 1.2345)'}
    report = attack.submit(source, definition=exercise(attack, checks))
    [metric] = next(check["metrics"] for check in report["checks"] if check["id"] == "shown")
    assert metric["value"] == pytest.approx(1.234, abs=0.001)


@pytest.mark.parametrize(
    "opening",
    [
        f"{SECRET}{TOLD}\nreport_examples([[0.0]], ['0'], [str(say(1)[0])], check='shown')",
        "report_examples([[0.0]], ['0'], ['1'])",
        "report_examples([[0.0]], ['0'], ['1'], check='told')",
    ],
    ids=["asks for hidden data", "names no check", "names another check"],
)
def test_a_cell_before_all_hidden_checks_has_no_hidden_data(attack, opening):
    definition = exercise(attack, {"told": "pass", "shown": "pass"}, opening)
    report = engine.grade_notebook(definition, {"first": TELLER}, seed=1, is_exact=True).to_json()
    assert outcomes(report)["shown"] == "passed"
    findings = [finding for check in report["checks"] for finding in check.get("findings", [])]
    assert findings and all(finding["kind"] == "none" for finding in findings)
