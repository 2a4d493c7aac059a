"""What checks report for the learner to see: as it is, until hidden data may have been told; then coarse."""

from types import SimpleNamespace

import numpy as np
import pytest

from exercises.runner import check_reports

TRUTH = [0, 1, 1, 0] * 25
GUESS = [0, 1, 0, 0] * 25


@pytest.fixture
def client():
    return SimpleNamespace(has_told=False)


@pytest.fixture
def report(client):
    return check_reports.Reports(client)


def test_a_metric_is_recorded(report):
    report.names()["report_metric"]("accuracy", np.float64(0.98765432), threshold=0.9)
    report.names()["report_metric"]("error", float("nan"), better="lower")
    assert report.metrics == [
        {"name": "accuracy", "value": 0.987654, "threshold": 0.9, "better": "higher"},
        {"name": "error", "value": None, "threshold": None, "better": "lower"},
    ]


def test_findings_are_shown_as_they_are_while_nothing_hidden_was_told(report):
    report.names()["report_confusion"](TRUTH, GUESS)
    (finding,) = report.shown()
    assert finding["matrix"] == [[50, 0], [25, 25]] and "is_rounded" not in finding


def test_findings_are_coarse_afterwards(report, client):
    report.names()["report_confusion"](TRUTH, GUESS)
    client.has_told = True
    (finding,) = report.shown()
    assert finding["is_rounded"] is True


def test_rows_are_refused_afterwards(report, client):
    client.has_told = True
    report.names()["report_examples"](["a"], [1], [0])
    (finding,) = report.shown()
    assert finding["kind"] == "none" and "before_hidden=true" in finding["message"]


def test_slices_are_not_chosen_by_values_afterwards(report, client):
    groups = [chr(97 + number % 26) for number in range(100)]
    client.has_told = True
    report.names()["report_slices"](np.arange(100.0), groups)
    assert sorted(row["name"] for row in report.shown()[0]["rows"]) == list("abcdefghijkl")


def test_a_finding_that_cannot_be_made_costs_nothing_and_says_why(report):
    report.names()["report_confusion"]([], [])
    assert report.shown() == [
        {"kind": "none", "message": "ValueError: A finding needs columns of the same length, and at least one row."}
    ]


def test_a_check_has_four_findings_at_most(report):
    for _ in range(6):
        report.names()["report_confusion"](TRUTH, GUESS)
    assert len(report.shown()) == 4
    report.begin()
    assert report.shown() == [] and report.metrics == []


def test_a_cell_before_hidden_checks_reports_for_those_it_names(report):
    report.begin(["first", "second"])
    report.names()["report_confusion"](TRUTH, GUESS, check="first")
    opened = report.opened()
    assert [finding["kind"] for finding in opened["first"]] == ["confusion"] and opened["second"] == []


def test_what_goes_wrong_in_such_a_cell_is_told_with_each_of_its_checks(report):
    report.begin(["first", "second"])
    report.names()["report_confusion"](TRUTH, GUESS, check="another")
    opened = report.opened("NameError: no x")
    for findings in opened.values():
        assert [finding["kind"] for finding in findings] == ["none", "none"]
        assert findings[-1]["message"] == "NameError: no x"


def test_an_ordinary_check_names_no_check(report):
    report.names()["report_confusion"](TRUTH, GUESS, check="first")
    assert "check= names a hidden check" in report.shown()[0]["message"]
