"""What is answered where no view of another app is reached."""

import pytest

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def test_an_address_that_is_nowhere(client):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert "There is no such page" in response.text
    problem = client.get("/nowhere/", headers=JSON)
    assert (problem.status_code, problem["Content-Type"]) == (404, "application/problem+json")


def test_a_host_that_is_not_ours(client):
    assert client.get("/", HTTP_HOST="evil.example").status_code == 400


def test_a_form_without_its_token_says_what_helps(garden):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/paths/garden/seeds/checkpoints/one-step/", {"answer": "1"})
    assert response.status_code == 403
    assert "Go back, reload the page" in response.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_are_never_cached_and_only_read(client, path):
    assert "no-store" in client.get(path)["Cache-Control"]
    assert client.post(path).status_code == 405
