import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.test import Client, RequestFactory
from rest_framework import exceptions

from learnpaths.core import problems


def test_document():
    problem = problems.Unprocessable("Bad notebook.", errors=[{"cell": "model", "message": "No such cell."}], limit=3)
    assert problem.document() == {
        "type": "about:blank",
        "title": "The content is refused",
        "status": 422,
        "detail": "Bad notebook.",
        "errors": [{"cell": "model", "message": "No such cell."}],
        "limit": 3,
    }


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (problems.Conflict("x"), 409),
        (Http404(), 404),
        (PermissionDenied("no"), 403),
        (ValidationError({"points": ["too many"]}), 422),
        (exceptions.NotAuthenticated(), 401),
        (exceptions.ParseError("bad JSON"), 400),
        (exceptions.MethodNotAllowed("PUT"), 405),
        (exceptions.Throttled(wait=7), 429),
        (exceptions.UnsupportedMediaType("a/b"), 415),
        (exceptions.ValidationError({"a": [{"b": ["wrong"]}]}), 422),
    ],
)
def test_refusals_of_the_api_are_problem_documents(error, status):
    response = problems.exception_handler(error, {})
    assert response is not None
    assert (response.status_code, response.data["status"]) == (status, status)
    assert response.content_type == "application/problem+json"


def test_fault_is_no_problem():
    assert problems.exception_handler(RuntimeError("x"), {}) is None


def test_nested_field_errors():
    response = problems.exception_handler(exceptions.ValidationError({"a": [{"b": ["wrong"]}], "c": ["bad"]}), {})
    assert response.data["errors"] == [{"field": "a.0.b", "message": "wrong"}, {"field": "c", "message": "bad"}]


def test_throttling_says_when_to_come_back():
    assert problems.exception_handler(exceptions.Throttled(wait=7), {}).headers["Retry-After"] == "7"


@pytest.mark.parametrize(
    ("path", "accept", "expected"),
    [
        ("/paths/", "text/html,*/*;q=0.8", False),
        ("/paths/", "application/json", True),
        ("/paths/", "*/*", False),
        ("/api/v1/paths/", "text/html", True),
    ],
)
def test_wants_json(path, accept, expected):
    assert problems.wants_json(RequestFactory().get(path, headers={"accept": accept})) is expected


@pytest.mark.django_db
def test_page_that_is_not_there_for_people_and_programs():
    page = Client().get("/no/such/page/")
    assert page.status_code == 404
    assert "There is no such page" in page.text
    answer = Client().get("/no/such/page/", headers={"accept": "application/json"})
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content)["title"] == "There is nothing here"


@pytest.mark.django_db
def test_form_without_token_says_what_helps(alice):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    answer = client.post("/accounts/token/new/")
    assert answer.status_code == 403
    assert "reload the page" in answer.text


@pytest.mark.django_db
def test_problem_raised_in_a_view_is_its_answer(settings, client, monkeypatch):
    def refuse(request, paths, goals):
        raise problems.Conflict("Somebody was faster.")

    monkeypatch.setattr("learnpaths.progress.views._shelf", refuse)
    answer = client.get("/paths/")
    assert answer.status_code == 409
    assert "Somebody was faster." in answer.text
