"""Submitting by API: the good way, and everything that is refused with a problem document and leaves no trace."""

import json
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from exercises import services
from exercises.grading import job_runner
from exercises.models import Submission
from learnpaths.accounts.services import rotate_token
from tests.exercises.graders import passing

URL = "/api/v1/exercises/add/submissions/"


@pytest.fixture(autouse=True)
def loaded(exercise):
    """The exercise is there in every test."""


def post(api, document, **options):
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return api.generic("POST", URL, body, content_type="application/json", **options)


def assert_refused(response, status):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["status"] == status
    assert not Submission.objects.exists()


def test_a_notebook_is_accepted(api, notebook, answers):
    response = post(api, notebook)
    assert response.status_code == 202, response.content
    submission = Submission.objects.get()
    assert response["Location"] == f"http://testserver/api/v1/submissions/{submission.id}/"
    assert submission.sources == answers
    body = response.json()
    assert (body["id"], body["state"], body["position"], body["repairs"]) == (str(submission.id), "queued", 0, [])
    assert body["checks"][0]["outcome"] == "not_run"


def test_a_notebook_may_be_a_file(api, notebook, answers):
    file = SimpleUploadedFile("add.ipynb", json.dumps(notebook).encode(), "application/x-ipynb+json")
    response = api.post(URL, {"notebook": file}, format="multipart")
    assert response.status_code == 202, response.content
    assert Submission.objects.get().sources == answers


def test_a_token_is_enough(alice, notebook):
    client = APIClient(HTTP_AUTHORIZATION=f"Token {rotate_token(user=alice)}", enforce_csrf_checks=True)
    assert post(client, notebook).status_code == 202


def test_a_session_needs_its_csrf_token(alice, notebook):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(alice)
    assert_refused(post(client, notebook), 403)


def test_what_was_put_right_is_said(api, notebook):
    notebook["cells"].reverse()
    assert "another order" in post(api, notebook).json()["repairs"][0]


def test_two_submissions_have_their_own_seeds(api, notebook):
    first, second = post(api, notebook).json(), post(api, notebook).json()
    assert first["seed"] != second["seed"]
    assert 0 <= first["seed"] < 2**53


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 422),
        (b"[" * 100_000, 422),
        (b'{"nbformat": 3, "worksheets": []}', 422),
        (b'{"nbformat": 4, "cells": []}', 422),
        (b'{"nbformat": 4, "cells": [], "metadata": {"learnpaths": {"exercise": "other"}}}', 422),
        (b" " * (16 * 2**20 + 1), 413),
        (b" " * (20 * 2**20), 413),
    ],
    ids=["empty", "not-json", "deep", "format-3", "no-cells", "other-exercise", "too-large", "far-too-large"],
)
def test_bad_bodies_are_refused(api, body, status):
    assert_refused(post(api, body), status)


def test_the_cells_that_are_refused_are_named(api, notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "twice"]
    response = post(api, notebook)
    assert_refused(response, 422)
    assert response.json()["errors"][0]["cell"] == "twice"


@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
def test_text_that_cannot_be_stored_is_refused(api, notebook, text):
    notebook["cells"][2]["source"] = text
    assert_refused(post(api, notebook), 422)


def test_a_form_without_the_file_is_refused(api):
    assert_refused(api.post(URL, {"other": "x"}, format="multipart"), 400)


def test_other_media_are_refused(api):
    assert_refused(api.generic("POST", URL, b"<x/>", content_type="text/xml"), 415)


def test_strangers_are_refused(notebook):
    assert_refused(post(APIClient(), notebook), 401)


def test_an_unknown_exercise_is_not_found(api, notebook):
    response = api.generic("POST", "/api/v1/exercises/nothing/submissions/", b"{}", content_type="application/json")
    assert_refused(response, 404)


def test_a_retired_exercise_is_not_found(api, notebook):
    services.retire_exercises(except_for=set())
    assert_refused(post(api, notebook), 404)


def test_more_than_sixty_in_a_minute_are_refused(api, notebook, settings):
    settings.WAITING_PER_PERSON = 100
    for _ in range(60):
        assert post(api, notebook).status_code == 202
    response = post(api, notebook)
    assert response.status_code == 429
    assert response["Content-Type"] == "application/problem+json"
    assert int(response["Retry-After"]) > 0
    assert Submission.objects.count() == 60
    assert api.get(URL).status_code == 200


def test_a_broker_that_is_away_loses_nothing(api, notebook, monkeypatch, django_capture_on_commit_callbacks):
    from kombu.exceptions import OperationalError

    from exercises import tasks

    def away(*args, **options):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.grade_submission, "apply_async", away)
    with django_capture_on_commit_callbacks(execute=True):
        assert post(api, notebook).status_code == 202
    assert Submission.objects.get().sent_at is None


# --- reading and cancelling ---


def test_the_report_is_the_body(api, submission):
    job_runner.run(submission.id, grade_notebook=passing)
    body = api.get(f"/api/v1/submissions/{submission.id}/").json()
    submission.refresh_from_db()
    assert body.items() >= submission.report.items()
    assert (body["state"], body["verdict"], body["points"], body["position"]) == ("finished", "passed", 4, None)


@pytest.mark.parametrize("suffix", ["", "cancel/"])
def test_others_cannot_see_that_it_exists(submission, bob, suffix):
    client = APIClient()
    client.force_login(bob)
    url = f"/api/v1/submissions/{submission.id}/{suffix}"
    response = client.post(url) if suffix else client.get(url)
    unknown = client.get(f"/api/v1/submissions/{uuid4()}/")
    assert response.status_code == unknown.status_code == 404
    assert response.json() == unknown.json()


def test_staff_see_it(submission, charlie):
    client = APIClient()
    client.force_login(charlie)
    assert client.get(f"/api/v1/submissions/{submission.id}/").status_code == 200


def test_only_ones_own_are_listed(api, submission, bob, exercise, answers):
    services.submit(user=bob, exercise=exercise, sources=answers)
    body = api.get(URL).json()
    assert [item["id"] for item in body["results"]] == [str(submission.id)]


def test_cancelling_ends_it_without_an_attempt(api, submission, alice):
    response = api.post(f"/api/v1/submissions/{submission.id}/cancel/")
    assert response.status_code == 200
    assert (response.json()["state"], response.json()["verdict"]) == ("finished", "cancelled")
    assert job_runner.run(submission.id, grade_notebook=passing) == "busy"
    assert Submission.objects.of(alice).attempts().count() == 0


def test_what_has_finished_cannot_be_cancelled(api, submission):
    job_runner.run(submission.id, grade_notebook=passing)
    response = api.post(f"/api/v1/submissions/{submission.id}/cancel/")
    assert response.status_code == 409
    assert Submission.objects.get().verdict == "passed"


# --- exercises ---


def test_visitors_may_read_exercises(definition):
    client = APIClient()
    assert [item["id"] for item in client.get("/api/v1/exercises/").json()["results"]] == ["add"]
    body = client.get("/api/v1/exercises/add/").json()
    assert body["version"] == definition.digest()
    assert body["checks"][1] == {
        "id": "adds-unseen",
        "title": "Adds unseen numbers",
        "points": 3,
        "hidden": True,
        "required": True,
    }
    assert (body["pass_percent"], body["pass_hidden_percent"]) == (60, 60)
    assert "secret" not in json.dumps(body)


def test_visitors_may_read_the_notebook_without_what_is_hidden():
    response = APIClient().get("/api/v1/exercises/add/notebook/")
    assert response.json()["metadata"]["learnpaths"]["exercise"] == "add"
    assert b"secret" not in response.content and b"total = a + b" not in response.content


def test_the_queries_of_a_list_do_not_grow(api, alice, exercise, answers, django_assert_num_queries):
    def queries():
        with django_assert_num_queries(5):
            api.get(URL)

    services.submit(user=alice, exercise=exercise, sources=answers)
    queries()
    for _ in range(5):
        services.submit(user=alice, exercise=exercise, sources=answers)
    queries()
