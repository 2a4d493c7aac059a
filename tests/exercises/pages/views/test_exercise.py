"""Pages of exercises and submissions: what they show, to whom, and with how many queries."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from exercises import services
from exercises.grading import heartbeats, job_runner
from exercises.models import Draft, Submission
from learnpaths.catalog.models import Path, Step, Unit
from learnpaths.progress.models import Enrolment
from tests.exercises.graders import passing

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


# --- a submission ---
