"""Whose work is whose: only with a right for it does somebody see or stop what another did, and it is logged."""

from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from structlog.testing import capture_logs

from exercises import selectors, services
from exercises.models import Submission

pytestmark = pytest.mark.django_db


@pytest.fixture
def submission(alice, exercise, answers):
    return services.submit(user=alice, exercise=exercise, sources=answers)


@pytest.fixture
def tutor(bob):
    """Staff by the mark alone."""
    bob.is_staff = True
    bob.save()
    return bob


def give(user, name):
    user.user_permissions.add(Permission.objects.get(content_type__app_label="exercises", codename=name))
    return type(user).objects.get(pk=user.pk)


PLACES = ["/submissions/{}/", "/submissions/{}/status/", "/api/v1/submissions/{}/"]


@pytest.mark.parametrize("place", PLACES)
def test_the_mark_of_staff_shows_nothing(client, tutor, submission, place) -> None:
    client.force_login(tutor)
    assert client.get(place.format(submission.id)).status_code == 404
    assert client.get(place.format(uuid4())).status_code == 404


@pytest.mark.parametrize("place", ["/submissions/{}/cancel/", "/api/v1/submissions/{}/cancel/"])
def test_the_mark_of_staff_stops_nothing(client, tutor, submission, place) -> None:
    client.force_login(tutor)
    assert client.post(place.format(submission.id)).status_code == 404
    assert Submission.objects.get().state == "queued"


@pytest.mark.parametrize("place", PLACES)
def test_with_the_right_it_is_seen_and_logged(client, tutor, submission, place) -> None:
    client.force_login(give(tutor, "view_submission"))
    with capture_logs() as lines:
        assert client.get(place.format(submission.id)).status_code == 200
    seen = [line for line in lines if line["event"] == "work_of_another_seen"]
    assert [(line["by"], line["of"], line["submission"]) for line in seen] == [
        (tutor.pk, submission.user_id, str(submission.id))
    ]


@pytest.mark.parametrize("place", ["/submissions/{}/cancel/", "/api/v1/submissions/{}/cancel/"])
def test_seeing_is_not_stopping(client, tutor, submission, place) -> None:
    client.force_login(give(tutor, "view_submission"))
    assert client.post(place.format(submission.id)).status_code == 403
    assert Submission.objects.get().state == "queued"
    client.force_login(give(tutor, "change_submission"))
    assert client.post(place.format(submission.id)).status_code in (200, 302)
    assert Submission.objects.get().verdict == "cancelled"


def test_ones_own_work_is_no_news(alice, submission) -> None:
    with capture_logs() as lines:
        assert selectors.find_submission(alice, submission.id)
    assert not lines


def test_the_administration_logs_it_too(client, tutor, submission) -> None:
    client.force_login(give(tutor, "view_submission"))
    with capture_logs() as lines:
        assert client.get(f"/admin/exercises/submission/{submission.id}/change/").status_code == 200
    assert [line["by"] for line in lines if line["event"] == "work_of_another_seen"] == [tutor.pk]
