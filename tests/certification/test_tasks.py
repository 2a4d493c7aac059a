"""From the last step to the mail, and what happens when a message or a mail is lost."""

import pytest
from django.core import mail
from kombu.exceptions import OperationalError
from structlog.testing import capture_logs

from certification import issuing, tasks
from certification.models import Certificate, CertificateState
from learnpaths.progress.services import record_step
from tests.certification.conftest import answer_all, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(monkeypatch) -> list[str]:
    """Run what would be sent, at once and in this process."""
    ids: list[str] = []

    def apply_async(args, **options):
        assert options == {"retry": False}
        ids.append(args[0])
        tasks.issue_certificate(*args)

    monkeypatch.setattr(tasks.issue_certificate, "apply_async", apply_async)
    return ids


@pytest.fixture
def lost(monkeypatch) -> None:
    def apply_async(*_, **__):
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.issue_certificate, "apply_async", apply_async)


def finish(user) -> None:
    for slug in ("digits", "lines"):
        submit(user, slug, points=9, passed=True)
        record_step(user=user, kind="exercise", slug=slug, completed=True)
    answer_all(user)
    record_step(user=user, kind="lesson", slug="loss", completed=True)


def test_the_last_step_issues_the_certificate(
    ada, credential, signing_keys, sent, django_capture_on_commit_callbacks
) -> None:
    with capture_logs() as lines, django_capture_on_commit_callbacks(execute=True):
        finish(ada)
    certificate = Certificate.objects.get()
    assert (certificate.user, certificate.state, set(sent)) == (ada, CertificateState.ISSUED, {str(certificate.id)})
    (line,) = [line for line in lines if line["event"] == "certificate_issued"]
    assert (line["user"], line["credential"], line["certificate"]) == (ada.pk, "foundations", str(certificate.id))
    assert line["seconds"] >= 0 and line["worker"]


def test_the_task_twice_does_everything_once(finished, credential, signing_keys) -> None:
    certificate = issuing.record_award(finished, credential)
    tasks.issue_certificate(str(certificate.id))
    badge = Certificate.objects.get().badge
    tasks.issue_certificate(str(certificate.id))
    assert Certificate.objects.get().badge == badge
    assert len(mail.outbox) == 1


def test_a_lost_message_is_sent_again(finished, credential, signing_keys, sent) -> None:
    issuing.record_award(finished, credential)
    tasks.sign_pending()
    assert Certificate.objects.get().state == CertificateState.ISSUED
    tasks.sign_pending()
    assert len(sent) == 1


def test_a_lost_award_is_made_up_for(finished, credential, signing_keys, sent) -> None:
    tasks.sign_pending()
    assert Certificate.objects.get().state == CertificateState.ISSUED


def test_without_a_broker_the_award_stays(
    ada, credential, signing_keys, lost, django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        finish(ada)
    assert Certificate.objects.get().is_pending


def test_beat_looks_after_certificates(settings) -> None:
    from celery import current_app

    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert "certification.sign_pending" in names
    assert names <= set(current_app.tasks)
    assert tasks.issue_certificate.acks_late
