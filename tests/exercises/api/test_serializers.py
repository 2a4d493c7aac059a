"""A submission's report by API: as it was written, completed where it is older than a key, empty where it cannot be read."""

import pytest

from exercises.api.serializers import ExerciseDetailOutput, SubmissionDetailOutput
from exercises.grading import job_runner
from exercises.models import State
from tests.exercises.graders import passing


@pytest.fixture
def output(rf):
    """Serialize a submission as its view does."""
    return lambda row: SubmissionDetailOutput(row, context={"request": rf.get("/")}).data


@pytest.fixture
def graded(submission):
    job_runner.run(submission.id, grade_notebook=passing)
    submission.refresh_from_db()
    return submission


def test_the_report_is_as_it_was_written(output, graded):
    graded.report["checks"][0]["note"] = "of a later version"
    graded.report["extra"] = {"kept": True}
    body = output(graded)
    assert {key: body[key] for key in graded.report} == graded.report


def test_what_an_old_report_lacks_is_empty(output, graded):
    for key in ("phases", "runtime", "cells"):
        del graded.report[key]
    assert [output(graded)[key] for key in ("phases", "runtime", "cells")] == [{}, {}, []]


def test_one_that_waits_has_a_place_and_an_empty_report(output, submission):
    body = output(submission)
    assert (body["state"], body["position"], body["verdict"]) == (State.QUEUED, 0, "")
    assert {check["outcome"] for check in body["checks"]} == {"not_run"}
    assert not {"pass_rule", "limit", "usage"} & body.keys()
    assert list(body["checks"][0]) == ["id", "title", "hidden", "outcome", "points", "max_points", "message"]


def test_of_a_hidden_check_one_sees_title_and_points(exercise, rf):
    body = ExerciseDetailOutput(exercise, context={"request": rf.get("/")}).data
    assert body["checks"][1] == {
        "id": "adds-unseen", "title": "Adds unseen numbers", "points": 3, "hidden": True, "required": True,
    }  # fmt: skip
    assert "secret" not in str(body)
