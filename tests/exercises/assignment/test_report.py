"""A report reads as it was written, to the byte; one of an earlier version has defaults, and what is none is refused."""

import json
import re
from dataclasses import fields
from pathlib import Path

import pytest
from django.conf import settings

from exercises.assignment.pass_rule import Rule
from exercises.assignment.report import (
    CellError,
    CellResult,
    CheckResult,
    Finding,
    MalformedReport,
    Metric,
    Report,
    read_checks,
    read_rule,
)

STORED = sorted((Path(__file__).parent / "reports").glob("*.json"))  # as the engine wrote them before it had this type
CHECK = {"id": "adds", "outcome": "passed", "points": 4}
OLDEST = {  # of the first version of the site: no rule, no limit, no usage, nothing of whose cell it is
    "exercise": "add", "version": "sha256:0", "verdict": "learner_error", "points": 4, "max_points": 4, "passed": False, "seed": 7,
    "checks": [CHECK | {"title": "Adds", "hidden": False, "max_points": 4, "message": ""}],
    "cells": [{"id": "add", "status": "error", "seconds": 0.1, "error": {"name": "E", "message": "e", "traceback": "t"}}],
    "phases": {"queued": 0.0, "run": 1}, "limits": {"wall_seconds": 120}, "runtime": {"queue": "cpu"},
}  # fmt: skip


def as_text(value):
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("file", STORED, ids=lambda file: file.stem)
def test_what_was_written_reads_and_writes_the_same_bytes(file):
    text = file.read_text(encoding="utf-8")
    assert as_text(Report.from_json(json.loads(text)).to_json()) == text


def test_it_has_the_parts_of_a_run():
    report = Report.from_json(json.loads((STORED[0].parent / "failed.json").read_text(encoding="utf-8")))
    assert report.pass_rule == Rule(points=3, hidden_points=2, required=("adds-unseen",))
    hidden = next(check for check in report.checks if check.hidden)
    assert hidden.metrics[0].name == "error" and hidden.metrics[0].better == "lower" and not hidden.is_passed
    assert [finding.kind for check in report.checks for finding in check.findings] == ["confusion"]
    assert report.usage["wall_seconds"] > 0 and report.limits["cpu_seconds"] == 30


def test_an_old_report_has_defaults():
    report = Report.from_json(OLDEST)
    assert (report.pass_rule, report.limit, report.usage, report.checks[0].required) == (None, None, None, None)
    assert report.cells[0].error.is_ours is False and report.cells[0].error.line is None
    assert Report.from_json({**OLDEST, "cells": []}).to_json() == {**OLDEST, "cells": []}


def test_a_metric_without_a_threshold_is_better_when_higher():
    metric = Metric.from_json({"name": "accuracy", "value": 1})
    assert (metric.value, metric.threshold, metric.better) == (1, None, "higher")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"verdict": None}, "verdict of a report is of the type NoneType"),
        ({"points": "4"}, "points of a report is of the type str"),
        ({"points": True}, "points of a report is of the type bool"),
        ({"passed": 1}, "passed of a report is of the type int"),
        ({"checks": None}, "checks of a report is of the type NoneType"),
        ({"checks": ["adds"]}, "check is no object"),
        ({"checks": [{"id": "adds", "points": 1}]}, "check has no outcome"),
        ({"checks": [CHECK | {"outcome": "splendid"}]}, "'splendid' is no outcome"),
        ({"checks": [CHECK | {"metrics": [{"name": "m", "value": "1"}]}]}, "value of a metric is of the type str"),
        ({"checks": [CHECK | {"findings": [1]}]}, "finding is no object"),
        ({"cells": {}}, "cells of a report is of the type dict"),
        ({"cells": [{"id": "a", "status": "ok", "error": "E"}]}, "error is no object"),
        ({"phases": {"run": "1"}}, "run of a phases is of the type str"),
        ({"pass_rule": {"points": 1}}, "pass rule has no hidden_points"),
    ],
)
def test_what_is_no_report_is_refused(changes, words):
    with pytest.raises(MalformedReport, match=words):
        Report.from_json(OLDEST | changes)


@pytest.mark.parametrize("name", ["verdict", "points", "max_points", "passed"])
def test_the_result_is_never_guessed(name):
    with pytest.raises(MalformedReport, match=f"has no {name}"):
        Report.from_json({key: value for key, value in OLDEST.items() if key != name})


@pytest.mark.parametrize("data", [None, [], "report", 1])
def test_something_else_is_no_report(data):
    with pytest.raises(MalformedReport, match="report is no object"):
        Report.from_json(data)


def test_parts_can_be_read_alone():
    assert [check.id for check in read_checks([CHECK])] == ["adds"]
    assert read_rule(None) is None
    with pytest.raises(MalformedReport):
        read_checks({})


@pytest.mark.parametrize("kind", [Report, Rule, CheckResult, Metric, Finding, CellResult, CellError])
def test_the_documentation_shows_each_shape(kind):
    text = (settings.BASE_DIR / "docs/architecture.md").read_text(encoding="utf-8")
    shape = re.search(rf"^{kind.__name__} .*(?:\n .*)*", text, re.M)[0]
    assert [item.name for item in fields(kind) if not re.search(rf"\b{item.name}\b", shape)] == []
