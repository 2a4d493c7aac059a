"""What is refused before any view."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from learnpaths.core import tasks


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/healthz", "/verify/", "/api/v1/exercises/", "/static/css/tokens.css"])
@pytest.mark.django_db
def test_two_lengths_are_refused(client, method, path) -> None:
    answer = getattr(client, method)(path, HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="4")
    assert answer.status_code == 400
    assert answer["Connection"] == "close"


@pytest.mark.django_db
def test_one_length_is_fine(client) -> None:
    assert client.get("/healthz", HTTP_TRANSFER_ENCODING="chunked", CONTENT_LENGTH="").status_code == 200


@pytest.mark.django_db
def test_sessions_whose_time_is_over_go(settings) -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timezone.timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timezone.timedelta(days=1))
    tasks.clear_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["new"]
    assert "core.clear_sessions" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
