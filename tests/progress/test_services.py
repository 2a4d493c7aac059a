import pytest
from django.core.exceptions import ValidationError

from learnpaths.progress import selectors, services
from learnpaths.progress.models import Enrolment, StepProgress
from learnpaths.progress.signals import step_completed

pytestmark = pytest.mark.django_db


@pytest.fixture
def heard():
    calls = []

    def listen(sender, user, kind, slug, **_):
        calls.append((user, kind, slug))

    step_completed.connect(listen)
    yield calls
    step_completed.disconnect(listen)


def record(user, slug="seeds", kind="lesson", completed=True, **points):
    return services.record_step(user=user, kind=kind, slug=slug, completed=completed, **points)


def test_it_works(garden, alice, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        record(alice)
        assert heard == []
    assert heard == [(alice, "lesson", "seeds")]
    progress = selectors.path_progress(alice, garden)
    assert (progress.done, progress.total, progress.percent, progress.is_complete) == (1, 2, 50, False)
    assert progress.next_step.slug == "water"
    assert Enrolment.objects.get().path == garden


def test_again_is_told_again_and_changes_nothing(garden, alice, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = record(alice).completed_at
        assert record(alice).completed_at == first
    assert len(heard) == 2
    assert StepProgress.objects.count() == 1


def test_best_result_is_kept(alice):
    record(alice, "fit", "exercise", completed=False, points=3, max_points=10)
    record(alice, "fit", "exercise", completed=True, points=8, max_points=10)
    row = record(alice, "fit", "exercise", completed=False, points=5, max_points=10)
    assert (row.points, row.max_points, row.is_completed) == (8, 10, True)
    row = record(alice, "fit", "exercise", completed=True, points=9, max_points=11)  # a new version: 9/11 > 8/10
    assert (row.points, row.max_points) == (9, 11)


def test_incomplete_is_not_told_and_not_counted(garden, alice, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        record(alice, completed=False)
    assert heard == []
    assert selectors.path_progress(alice, garden).done == 0


@pytest.mark.parametrize(("points", "max_points"), [(11, 10), (-1, 10), (0, 0)])
def test_points_that_make_no_sense_are_refused(alice, points, max_points):
    with pytest.raises(ValidationError):
        record(alice, "fit", "exercise", points=points, max_points=max_points)


def test_rollback_tells_nobody(garden, alice, heard, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ValidationError):
        record(alice, points=2, max_points=1)
    assert heard == []


def test_listener_that_fails_undoes_nothing(alice, garden, django_capture_on_commit_callbacks):
    def fail(sender, **_):
        raise RuntimeError("no certificate today")

    step_completed.connect(fail)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            record(alice)
    finally:
        step_completed.disconnect(fail)
    assert StepProgress.objects.get().is_completed


def test_step_on_no_path_is_kept_without_enrolment(alice):
    assert record(alice, "alone", "exercise").is_completed
    assert not Enrolment.objects.exists()


def test_answers_keep_the_latest_and_count(alice):
    for answer, is_correct in (("1", False), ("0", True)):
        row = services.record_answer(
            user=alice, lesson="seeds", checkpoint="first", answer=answer, is_correct=is_correct
        )
    assert (row.answer, row.is_correct, row.tries) == ("0", True, 2)
    assert selectors.answers(alice, "seeds") == {"first": "0"}
