"""Alive, ready, and counted."""

import pytest
from django.db import connection
from redis.exceptions import ConnectionError as NoBroker

from learnpaths.core import health, redis


@pytest.fixture
def checks(monkeypatch):
    """The checks of readiness, put back afterwards."""
    copied = dict(health._checks)
    monkeypatch.setattr(health, "_checks", copied)
    return copied


def test_a_process_that_answers_is_healthy(client):
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json()["status"] == "ok"


def test_readiness_names_each_part(client, db, checks):
    checks.pop("workers", None)
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["checks"] == {"database": "ok", "broker": "ok"}


def test_without_a_broker_it_is_not_ready(client, db, monkeypatch):
    def refuse():
        raise NoBroker("connection refused by redis://:hunter2@broker")

    monkeypatch.setattr(redis, "connection", refuse)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["broker"] == "failed"
    assert "hunter2" not in response.text


def test_without_a_database_it_is_not_ready(client, db, monkeypatch):
    def refuse(*args, **kwargs):
        raise RuntimeError("no database")

    with monkeypatch.context() as patch:
        patch.setattr(connection, "cursor", refuse)
        response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "failed"


def test_a_probe_can_leave_out_what_is_not_this_process_own(client, db, checks):
    def refuse():
        raise RuntimeError("no worker")

    checks["workers"] = refuse
    assert client.get("/readyz").status_code == 503
    response = client.get("/readyz?exclude=workers")
    assert response.status_code == 200
    assert response.json()["checks"] == {"database": "ok", "broker": "ok"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz?exclude=workers", "/metrics"])
def test_probes_may_call_a_process_by_its_address(client, db, path):
    assert client.get(path, HTTP_HOST="10.1.2.3:8000").status_code == 200


def test_nobody_else_may(client, db):
    assert client.get("/", HTTP_HOST="10.1.2.3:8000").status_code == 400


def test_health_needs_nothing(client, db, checks, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200
