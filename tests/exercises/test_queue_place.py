"""Where a waiting submission stands, and about how long its turn takes to come."""

from datetime import timedelta

import pytest
from django.utils import timezone

from exercises import selectors, services
from exercises.grading import claims, events, heartbeats, job_runner
from exercises.models import Exercise, Priority, State, Submission
from exercises.selectors import Place
from exercises.templatetags.exercises import wait
from tests.exercises.grading.test_job_runner import passing


@pytest.fixture
def measured(exercise):
    """The sample exercise takes ten seconds."""
    Exercise.objects.update(service_seconds=10.0)
    exercise.refresh_from_db()
    return exercise


@pytest.fixture
def submit(measured, answers, charlie):
    def submit(user=charlie, **fields):
        submission = services.submit(user=user, exercise=measured, sources=answers)
        Submission.objects.filter(id=submission.id).update(**fields)
        submission.refresh_from_db()
        return submission

    return submit


def test_it_works(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob)
    submit()
    assert selectors.queue_place(submit(alice)) == Place(position=2, seconds=20)


def test_several_slots_share_the_work(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=2)
    submit(bob)
    submit()
    assert selectors.queue_place(submit(alice)) == Place(position=2, seconds=10)


def test_a_free_slot_is_no_wait(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=2)
    submit(bob)
    assert selectors.queue_place(submit(alice)) == Place(position=1, seconds=0)


def test_a_learners_own_come_one_after_the_other(submit, alice):
    heartbeats.announce("cpu", "ready", slots=8)
    submit(alice)
    submit(alice)
    assert selectors.queue_place(submit(alice)) == Place(position=2, seconds=20)


def test_what_runs_has_less_left(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob, state=State.RUNNING, started_at=timezone.now() - timedelta(seconds=7))
    place = selectors.queue_place(submit(alice))
    assert place.position == 1 and place.seconds is not None and place.seconds <= 3


def test_what_takes_longer_than_usual_is_not_owed_time(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob, state=State.RUNNING, started_at=timezone.now() - timedelta(seconds=70))
    assert selectors.queue_place(submit(alice)) == Place(position=1, seconds=0)


def test_regrades_hold_nobody_up(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob, priority=Priority.REGRADE)
    assert selectors.queue_place(submit(alice)) == Place(position=0, seconds=0)


def test_nobody_knows_without_a_worker(submit, alice, bob):
    submit(bob)
    assert selectors.queue_place(submit(alice)) == Place(position=1, seconds=None)


def test_nobody_knows_what_was_never_graded(submit, alice, bob):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob)
    Exercise.objects.update(service_seconds=None)
    assert selectors.queue_place(submit(alice)) == Place(position=1, seconds=None)


def test_the_median_of_the_last_gradings_is_kept(submit, alice, measured):
    for seconds in (1, 2, 60):
        finished = submit(alice)
        job_runner.run(finished.id, grade_notebook=passing)
        row = Submission.objects.get(id=finished.id)
        Submission.objects.filter(id=row.id).update(started_at=row.finished_at - timedelta(seconds=seconds))
    claims.measure(measured.id)
    measured.refresh_from_db()
    assert measured.service_seconds == 2.0


def test_faults_of_ours_are_not_measured(submit, alice, measured):
    now = timezone.now()
    submit(alice, state=State.FINISHED, verdict="system_error", started_at=now, finished_at=now)
    claims.measure(measured.id)
    measured.refresh_from_db()
    assert measured.service_seconds == 10.0


def test_the_place_is_told_as_an_event(alice, bob, submit, measured, answers, django_capture_on_commit_callbacks):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob)
    with django_capture_on_commit_callbacks(execute=True):
        mine = services.submit(user=alice, exercise=measured, sources=answers)
    assert [event.data for event in events.read(mine.id)] == [{"position": 1, "seconds": 10}]


def test_the_page_and_the_api_say_it(submit, alice, bob, as_alice, api, django_assert_num_queries):
    heartbeats.announce("cpu", "ready", slots=1)
    submit(bob)
    submit()
    mine = submit(alice)
    assert "Your turn comes in about 20 seconds" in as_alice.get(f"/submissions/{mine.id}/status/").text
    assert api.get(f"/api/v1/submissions/{mine.id}/").json()["wait_seconds"] == 20
    with django_assert_num_queries(4):
        selectors.queue_place(mine)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(1, "about 10 seconds"), (24, "about 20 seconds"), (95, "about 2 minutes"), (3600, "about 60 minutes")],
)
def test_a_wait_is_said_as_coarsely_as_it_is_known(seconds, text):
    assert wait(seconds) == text


def test_a_learner_sees_that_it_is_tried_again(submission, as_alice):
    def broken(*args, **options):
        raise RuntimeError

    job_runner.run(submission.id, grade_notebook=broken)
    assert "it is being tried again" in as_alice.get(f"/submissions/{submission.id}/").text
