"""Pages of submissions: how far one is, what came of it, and for whom."""

from uuid import uuid4

import pytest
from django.test import Client
from structlog.testing import capture_logs

from exercises import services
from exercises.grading import claims, events, job_runner
from exercises.models import Submission, Verdict
from exercises.pages.verdict_messages import EXPLANATIONS
from learnpaths.catalog.models import Path, Unit
from tests.exercises.graders import broken, changed, no_points, passing

URL = "/exercises/add/"


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture(autouse=True)
def loaded(exercise):
    """The exercise is there in every test."""


def test_a_waiting_submission_says_how_many_are_before_it(as_alice, bob, submission, exercise, answers):
    services.submit(user=bob, exercise=exercise, sources=answers)
    text = text_of(as_alice.get(f"/submissions/{submission.id}/"))
    assert "Waiting: yours is next" in text and "No CPU worker is running now" in text
    claims.claim(Submission.objects.exclude(id=submission.id).get().id)
    assert "Waiting: 1 submission before yours" in text_of(as_alice.get(f"/submissions/{submission.id}/status/"))


def test_a_running_submission_shows_its_cells_and_checks(as_alice, submission):
    claims.claim(submission.id)
    events.publish(submission.id, "started", {})
    events.publish(submission.id, "cell", {"id": "imports", "status": "ok", "seconds": 1.5})
    text = text_of(as_alice.get(f"/submissions/{submission.id}/status/"))
    assert (
        "Running your cells" in text and '<li data-status="ok"> <code>imports</code> <span class="soft">1.50 s' in text
    )
    assert 'hx-trigger="every 2s"' in text


def test_a_run_that_begins_anew_shows_nothing_of_the_old_one(as_alice, submission):
    job_runner.run(submission.id, grade_notebook=broken)
    events.publish(submission.id, "cell", {"id": "imports", "status": "ok", "seconds": 1.5})
    events.publish(submission.id, "queued", {"position": 0})
    assert "1.50 s" not in text_of(as_alice.get(f"/submissions/{submission.id}/status/"))


def test_a_finished_submission_shows_points_feedback_and_stops_polling(as_alice, submission):
    checks = no_points(submission)
    checks[0].update(message="1 + 2 is 3.")
    checks[1].update(message="Try negative numbers.", metrics=[
        {"name": "error", "value": 0.75, "threshold": 0.5, "better": "lower"}])  # fmt: skip
    report = changed(verdict="failed", passed=False, points=0, checks=checks)
    job_runner.run(submission.id, grade_notebook=report)
    text = text_of(as_alice.get(f"/submissions/{submission.id}/"))
    assert "0 of 4 points" in text and "1 + 2 is 3." in text and "Try negative numbers." in text
    assert "error: <strong>0.75</strong>" in text and "(at most 0.5)" in text
    assert "every 2s" not in text and "submission.js" not in text and "refresh" not in text


@pytest.mark.parametrize("verdict", [*Verdict])
def test_every_verdict_is_explained(as_alice, submission, verdict):
    explanation = EXPLANATIONS[verdict]
    is_passed = verdict == "passed"
    report = passing if is_passed else changed(verdict=verdict, passed=False, points=0, checks=no_points(submission))
    job_runner.run(submission.id, grade_notebook=report)
    text = text_of(as_alice.get(f"/submissions/{submission.id}/"))
    assert str(explanation.meaning) in text.replace("&#x27;", "'") and str(explanation.advice) in text.replace(
        "&#x27;", "'"
    )


def test_an_error_of_the_learner_is_shown_as_text(as_alice, submission):
    error = {
        "name": "NameError",
        "message": "<b>x</b>",
        "traceback": "\x1b[31m<script>alert(1)</script>\x1b[0m\u202eok",
    }
    report = changed(
        verdict="learner_error",
        passed=False,
        points=0,
        checks=no_points(submission),
        cells=[{"id": "add", "status": "error", "seconds": 0.1, "error": error, "output": "<i>printed</i>"}],
    )
    job_runner.run(submission.id, grade_notebook=report)
    content = as_alice.get(f"/submissions/{submission.id}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;ok" in content and "&lt;i&gt;printed" in content
    assert "<script>alert" not in content and "\x1b" not in content and "\u202e" not in content


@pytest.mark.parametrize("report", [{"points": 4}, {"checks": "all"}, ["a list"], "a text"])
def test_a_report_that_cannot_be_read_leaves_the_result(as_alice, api, submission, report):
    Submission.objects.filter(id=submission.id).update(
        state="finished", verdict="passed", points=4, passed=True, report=report
    )
    with capture_logs() as lines:
        text = text_of(as_alice.get(f"/submissions/{submission.id}/"))
    assert "4 of 4 points" in text and "its details below cannot be shown" in text and "You have" not in text
    assert [line["submission"] for line in lines if line["event"] == "malformed_report"] == [str(submission.id)]
    body = api.get(f"/api/v1/submissions/{submission.id}/").json()
    assert (body["points"], {check["outcome"] for check in body["checks"]}) == (4, {"not_run"})


@pytest.mark.parametrize("is_ours", [False, True])
def test_an_error_names_its_cell_and_line_and_whose_cell_it_is(as_alice, submission, is_ours):
    error = {"name": "UsageError", "message": "no %foo", "traceback": "", "line": 3, "is_ours": is_ours}
    cells = [{"id": "add", "status": "error", "seconds": 0.1, "error": error}]
    report = changed(verdict="learner_error", passed=False, points=0, checks=no_points(submission), cells=cells)
    job_runner.run(submission.id, grade_notebook=report)
    content = as_alice.get(f"/submissions/{submission.id}/").content.decode()
    assert "<code>add</code>, line 3" in content and "UsageError" in content and "no %foo" in content
    assert ("This cell is ours" in content) == is_ours and ("A cell of ours" in content) == is_ours


@pytest.mark.parametrize("suffix", ["", "status/"])
def test_others_cannot_see_that_it_exists(as_bob, submission, suffix):
    assert as_bob.get(f"/submissions/{submission.id}/{suffix}").status_code == 404
    assert as_bob.get(f"/submissions/{uuid4()}/{suffix}").status_code == 404
    assert Client().get(f"/submissions/{submission.id}/{suffix}").status_code == 404


def test_staff_see_it(charlie, submission):
    client = Client()
    client.force_login(charlie)
    assert client.get(f"/submissions/{submission.id}/").status_code == 200


def test_cancelling(as_alice, as_bob, submission):
    assert as_bob.post(f"/submissions/{submission.id}/cancel/").status_code == 404
    assert as_alice.get(f"/submissions/{submission.id}/cancel/").status_code == 405
    assert as_alice.post(f"/submissions/{submission.id}/cancel/").status_code == 302
    assert Submission.objects.get().verdict == "cancelled"
    assert "already finished" in text_of(as_alice.post(f"/submissions/{submission.id}/cancel/", follow=True))
    assert events.read(submission.id)[-1].kind == "finished"


def test_without_a_broker_the_row_still_tells(as_alice, submission, monkeypatch, settings):
    import redis

    def away(*args, **options):
        raise redis.ConnectionError

    monkeypatch.setattr(events, "read", away)
    assert as_alice.get(f"/submissions/{submission.id}/").status_code == 200


def test_the_history_has_pages(as_alice, alice, exercise, answers, settings):
    settings.WAITING_PER_PERSON = 100
    for _ in range(21):
        services.submit(user=alice, exercise=exercise, sources=answers)
    first = text_of(as_alice.get(f"{URL}submissions/"))
    assert first.count("Restore<") == 20 and "Page 1 of 2" in first
    assert text_of(as_alice.get(f"{URL}submissions/?page=2")).count("Restore<") == 1
    assert as_alice.get(f"{URL}submissions/?page=x").status_code == 200


def test_the_next_step_of_the_path_is_offered(as_alice, submission):

    path = Path.objects.create(slug="p", title="P", summary="s", level="beginner", hours=1, position=1)
    unit = Unit.objects.create(path=path, title="U", position=1)
    unit.steps.create(kind="exercise", slug="add", title="Add", position=1)
    unit.steps.create(kind="exercise", slug="more", title="More adding", position=2)
    job_runner.run(submission.id, grade_notebook=passing)
    assert "Next: More adding" in text_of(as_alice.get(f"/submissions/{submission.id}/"))
