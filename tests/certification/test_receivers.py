"""What is done below may have earned a certificate."""

import pytest

from certification.models import Certificate
from learnpaths.catalog.models import Step
from learnpaths.progress.services import record_answer, record_step
from tests.certification.conftest import answer_all, submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def nearly(ada, credential):
    """All is done but the lesson and the last checkpoint."""
    for slug in ("digits", "lines"):
        submit(ada, slug, points=9, passed=True)
    return ada


def test_a_completed_step_awards(nearly, django_capture_on_commit_callbacks) -> None:
    answer_all(nearly)
    assert not Certificate.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        record_step(user=nearly, kind="lesson", slug="loss", completed=True)
    assert Certificate.objects.get().user == nearly


def test_the_last_answer_awards(nearly, django_capture_on_commit_callbacks) -> None:
    record_step(user=nearly, kind="lesson", slug="loss", completed=True)
    record_answer(user=nearly, lesson="loss", checkpoint="slope", answer="1", is_correct=True)
    assert not Certificate.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        record_answer(user=nearly, lesson="loss", checkpoint="step", answer="2", is_correct=False)
    assert Certificate.objects.get().user == nearly


def test_a_step_that_is_on_no_path_awards_nothing(nearly, django_capture_on_commit_callbacks) -> None:
    Step.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        record_step(user=nearly, kind="lesson", slug="loss", completed=True)
    assert not Certificate.objects.exists()
