"""Who sees the numbers for Prometheus."""

import pytest


def test_metrics_are_for_this_machine(client, db):
    response = client.get("/metrics")
    assert response.status_code == 200
    assert b"django_http_requests" in response.content
    assert b"learnpaths_submissions" in response.content


@pytest.mark.parametrize(
    "extra",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=127.0.0.1"},
        {"REMOTE_ADDR": ""},
    ],
)
def test_metrics_are_not_for_others(client, db, extra):
    assert client.get("/metrics", **extra).status_code == 403


def test_metrics_are_not_for_learners_elsewhere(client, alice):
    client.force_login(alice)
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403


def test_metrics_are_for_staff_anywhere(client, charlie):
    client.force_login(charlie)
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_metrics_are_for_programs_with_the_token(client, db, settings, scheme):
    settings.METRICS_TOKEN = "a token of many characters"
    headers = {"authorization": f"{scheme} a token of many characters"}
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("token", "header"),
    [
        ("right", "Bearer wrong"),
        ("right", "Basic right"),
        ("right", "right"),
        ("", "Bearer "),
        ("", "Bearer"),
        ("right", "Bearer ü"),
    ],
)
def test_metrics_are_not_for_a_wrong_token(client, db, settings, token, header):
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7", headers={"authorization": header}).status_code == 403
