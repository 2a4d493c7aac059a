"""What the site does for itself at intervals."""

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from learnpaths.core import tasks


@pytest.mark.django_db
def test_sessions_whose_time_is_over_go(settings) -> None:
    now = timezone.now()
    Session.objects.create(session_key="old", session_data="", expire_date=now - timezone.timedelta(days=1))
    Session.objects.create(session_key="new", session_data="", expire_date=now + timezone.timedelta(days=1))
    tasks.clear_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["new"]
    assert "core.clear_sessions" in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
