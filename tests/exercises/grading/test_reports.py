"""A report is stored only if it adds up and is about the submission, in a form that every database takes."""

from datetime import timedelta

import pytest

from exercises.assignment.report import Report
from exercises.grading import job_runner, reports
from exercises.models import Submission
from tests.exercises.graders import changed, passing, passing_json

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    "changes",
    [
        {"verdict": "splendid"},
        {"verdict": "failed"},
        {"passed": 1},
        {"points": 3},
        {"points": 5},
        {"max_points": 5},
        {"checks": []},
        {"checks": None},
        {"cells": [{"id": "add", "status": "ok", "output": "x" * 3_000_000}]},
        {"cells": ["x"]},
    ],
)
def test_a_report_that_does_not_add_up_is_a_fault_of_ours(submission, changes):
    assert job_runner.run(submission.id, grade_notebook=changed(**changes)) == "released"
    assert Submission.objects.get(id=submission.id).points is None


def test_points_exist_only_for_checks_that_passed(submission):
    def generous(definition, sources, **options):
        report = passing_json(definition, sources, **options)
        report["checks"][0]["outcome"] = "failed"
        return Report.from_json(report)

    assert job_runner.run(submission.id, grade_notebook=generous) == "released"


def test_a_missing_key_is_a_fault_of_ours(submission):
    def forgetful(definition, sources, **options):
        report = passing_json(definition, sources, **options)
        del report["checks"][0]["outcome"]
        return Report.from_json(report)

    assert job_runner.run(submission.id, grade_notebook=forgetful) == "released"


def test_what_a_database_cannot_hold_is_replaced(submission):
    def odd(definition, sources, **options):
        report = passing_json(definition, sources, **options)
        report["checks"][0]["message"] = "a\0b\ud800c"
        report["checks"][0]["metrics"] = [{"name": "x", "value": float("nan"), "threshold": float("inf")}]
        return Report.from_json(report)

    assert job_runner.run(submission.id, grade_notebook=odd) == "graded"
    check = Submission.objects.get(id=submission.id).report["checks"][0]
    assert check["message"] == "a\ufffdb?c"
    assert check["metrics"] == [{"name": "x", "value": None, "threshold": None, "better": "higher"}]


def test_a_submission_without_a_report_has_an_empty_one(submission):
    report = reports.read_report(submission)
    assert report == reports.empty_report(submission, "")
    assert (report.points, report.max_points, report.passed, report.usage) == (0, 4, False, None)
    assert [(check.id, check.outcome, check.max_points) for check in report.checks] == [
        ("adds", "not_run", 1),
        ("adds-unseen", "not_run", 3),
    ]


def test_the_stored_report_is_read(submission):
    job_runner.run(submission.id, grade_notebook=passing)
    submission.refresh_from_db()
    report = reports.read_report(submission)
    assert report.passed and report.to_json() == submission.report


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("a\0b", "a\ufffdb"),
        ("\ud800", "?"),
        (float("nan"), None),
        (float("-inf"), None),
        ({"a\0": (1, True)}, {"a\ufffd": [1, True]}),
    ],
)
def test_what_a_database_cannot_hold_becomes_what_it_can(value, stored):
    assert reports.storable(value) == stored
