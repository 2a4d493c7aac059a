"""Pages of exercises and submissions: what they show, to whom, and with how many queries."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from structlog.testing import capture_logs

from exercises import services
from exercises.grading import claims, events, heartbeats, job_runner
from exercises.models import Draft, HintView, Submission, Verdict
from exercises.pages.verdict_messages import EXPLANATIONS
from learnpaths.catalog.models import Path, Step, Unit
from learnpaths.progress.models import Enrolment
from tests.exercises.grading.test_job_runner import broken, changed, no_points, passing

URL = "/exercises/add/"


@pytest.fixture(autouse=True)
def loaded(exercise):
    """The exercise is there in every test."""


def text_of(response):
    return " ".join(response.content.decode().split())


def cells(answers):
    return {f"cell-{cell_id}": text for cell_id, text in answers.items()}


# --- an exercise ---


def test_visitors_may_read_an_exercise_but_not_what_is_hidden():
    page = Client().get(URL)
    text = text_of(page)
    assert page.status_code == 200
    assert "Sign in to submit" in text and "Adds unseen numbers" in text and "raise NotImplementedError" in text
    assert "Toy" in text and "30 s" in text and "2 GiB" in text
    assert "own modules and tensorflow, keras, numpy" in text
    assert "secret" not in text and "total = a + b" not in text


@pytest.mark.parametrize("path", ["/exercises/nothing/", "/exercises/nothing/notebook.ipynb", "/exercises/Add!/"])
def test_an_unknown_exercise_is_not_found(path):
    assert Client().get(path).status_code == 404


def test_a_retired_exercise_is_not_found(exercise):
    services.retire_exercises(except_for=set())
    assert Client().get(URL).status_code == 404


def test_the_list_shows_the_best_result(as_alice, submission):
    job_runner.run(submission.id, grade_notebook=passing)
    assert "best 4 of 4 points" in text_of(as_alice.get("/exercises/"))


def test_opening_an_exercise_makes_it_the_place_to_resume(as_alice, alice, exercise):
    path = Path.objects.create(slug="toy-path", title="Toy", summary="", level="beginner", hours=1, position=1)
    unit = Unit.objects.create(path=path, title="One", position=1)
    Step.objects.create(unit=unit, kind="exercise", slug=exercise.slug, title="Add", minutes=5, position=1)
    as_alice.get(URL)
    assert Enrolment.objects.get(user=alice, path=path).slug == exercise.slug


def test_the_queries_of_the_page_do_not_grow(as_alice, alice, exercise, answers, django_assert_num_queries):
    services.submit(user=alice, exercise=exercise, sources=answers)
    as_alice.get(URL)
    with django_assert_num_queries(10):
        as_alice.get(URL)
    for _ in range(8):
        services.submit(user=alice, exercise=exercise, sources=answers)
    with django_assert_num_queries(10):
        as_alice.get(URL)


def test_the_page_says_that_no_worker_has_the_runtime(exercise, as_alice):
    heartbeats.announce("cpu", "ready", runtimes=["tf-1.15"])
    assert "needs the runtime tf-2.21, and no CPU worker has it now" in as_alice.get("/exercises/add/").text


@pytest.mark.parametrize(
    ("state", "expected"), [(None, "No CPU worker is running now"), ("warming", "warming up"), ("ready", "")]
)
def test_the_page_says_whether_a_worker_is_there(state, expected):
    if state:
        heartbeats.announce("cpu", state)
    text = text_of(Client().get(URL))
    assert (expected in text) if expected else ("warming up" not in text and "No CPU worker" not in text)


def test_the_notebook_is_downloaded_with_the_draft(as_alice):
    as_alice.put(f"{URL}draft/", json.dumps({"base": 0, "sources": {"add": "mine"}}), content_type="application/json")
    response = as_alice.get(f"{URL}notebook.ipynb")
    assert response["Content-Disposition"] == 'attachment; filename="add.ipynb"'
    assert [cell["source"] for cell in response.json()["cells"] if cell["id"] == "add"] == ["mine"]


# --- submitting from the page ---


def test_submitting_keeps_the_draft_and_goes_to_the_submission(as_alice, answers):
    response = as_alice.post(f"{URL}submit/", cells(answers))
    submission = Submission.objects.get()
    assert response["Location"] == f"/submissions/{submission.id}/"
    assert submission.sources == answers
    assert Draft.objects.get().sources == answers


def test_line_ends_of_a_form_become_unix_ones(as_alice, answers):
    as_alice.post(f"{URL}submit/", cells({**answers, "add": "a\r\nb"}))
    assert Submission.objects.get().sources["add"] == "a\nb"


@pytest.mark.parametrize("change", [{"cell-add": "x\0y"}, {"cell-add": "x" * (2 * 2**20)}])
def test_what_is_refused_stays_in_the_page(as_alice, answers, change):
    response = as_alice.post(f"{URL}submit/", {**cells(answers), **change})
    assert response.status_code == 422
    assert "Nothing was submitted" in text_of(response)
    assert "twice = 4" in text_of(response)
    assert not Submission.objects.exists()


def test_a_page_without_a_cell_is_refused(as_alice):
    assert as_alice.post(f"{URL}submit/", {"cell-add": "x"}).status_code == 422
    assert not Submission.objects.exists()


def test_a_session_that_ended_loses_nothing(answers):
    response = Client().post(f"{URL}submit/", cells({**answers, "add": "hours of work"}))
    assert response.status_code == 403
    assert "hours of work" in text_of(response) and "You are not signed in" in text_of(response)
    assert not Submission.objects.exists()


def test_too_many_in_a_minute_keep_the_draft(as_alice, answers, monkeypatch):
    monkeypatch.setattr("exercises.throttles.SubmitThrottle.THROTTLE_RATES", {"submit": "1/min"})
    as_alice.post(f"{URL}submit/", cells(answers))
    response = as_alice.post(f"{URL}submit/", cells({**answers, "add": "later work"}))
    assert response.status_code == 429
    assert "Your cells are kept" in text_of(response)
    assert Draft.objects.get().sources["add"] == "later work"
    assert Submission.objects.count() == 1


def test_submitting_needs_the_csrf_token(alice, answers):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert client.post(f"{URL}submit/", cells(answers)).status_code == 403
    assert not Submission.objects.exists()


# --- uploading ---


def upload(client, content):
    return client.post(f"{URL}upload/", {"notebook": SimpleUploadedFile("add.ipynb", content)}, follow=True)


def test_an_upload_becomes_the_draft_and_says_what_was_put_right(as_alice, notebook, answers):
    notebook["cells"].reverse()
    response = upload(as_alice, json.dumps(notebook).encode())
    assert Draft.objects.get().sources == answers
    assert "another order" in text_of(response)
    assert not Submission.objects.exists()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty"),
        (b"not json", "not JSON"),
        (b'{"nbformat": 3, "worksheets": []}', "save it in format 4"),
        (b"x" * (16 * 2**20 + 1), "at most 16,777,216 are taken"),
    ],
)
def test_a_bad_upload_is_refused_and_the_draft_stays(as_alice, content, expected):
    as_alice.put(f"{URL}draft/", json.dumps({"base": 0, "sources": {"add": "mine"}}), content_type="application/json")
    response = upload(as_alice, content)
    assert response.status_code == 422
    assert expected in text_of(response)
    assert Draft.objects.get().sources == {"add": "mine"}


# --- hints ---


def test_an_opened_hint_is_recorded_once(as_alice):
    for _ in range(2):
        assert as_alice.post(f"{URL}hints/", {"cell": "add", "stage": 1}).status_code == 204
    assert HintView.objects.get().cell == "add"


@pytest.mark.parametrize(
    "data", [{}, {"cell": "add", "stage": 3}, {"cell": "imports", "stage": 1}, {"cell": "add", "stage": "x"}]
)
def test_a_hint_that_is_not_there_is_refused(as_alice, data):
    assert as_alice.post(f"{URL}hints/", data).status_code == 422
    assert not HintView.objects.exists()


def test_the_hints_of_visitors_are_not_recorded():
    assert Client().post(f"{URL}hints/", {"cell": "add", "stage": 1}).status_code == 204
    assert not HintView.objects.exists()


# --- a submission ---


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
    from learnpaths.catalog.models import Path, Unit

    path = Path.objects.create(slug="p", title="P", summary="s", level="beginner", hours=1, position=1)
    unit = Unit.objects.create(path=path, title="U", position=1)
    unit.steps.create(kind="exercise", slug="add", title="Add", position=1)
    unit.steps.create(kind="exercise", slug="more", title="More adding", position=2)
    job_runner.run(submission.id, grade_notebook=passing)
    assert "Next: More adding" in text_of(as_alice.get(f"/submissions/{submission.id}/"))
