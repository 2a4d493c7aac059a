"""A submission that we failed to grade can be tried again, from the beginning."""

from exercises import services
from exercises.grading import events, job_runner
from exercises.models import Draft, State, Submission
from tests.exercises.graders import passing


def test_it_works(dead, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        assert services.retry_submission(submission=dead) is True
    assert (dead.state, dead.verdict, dead.tries, dead.retries) == (State.QUEUED, "", 0, 1)
    assert [event.kind for event in events.read(dead.id)] == ["queued"]
    assert job_runner.run(dead.id, grade_notebook=passing) == "graded"
    assert Submission.objects.get().passed


def test_only_a_fault_of_ours_is_tried_again(submission):
    job_runner.run(submission.id, grade_notebook=passing)
    assert services.retry_submission(submission=submission) is False
    assert submission.verdict == "passed"


def test_the_learner_sees_it(dead, as_alice):
    services.retry_submission(submission=dead)
    assert "an operator is having this one tried again" in as_alice.get(dead.get_absolute_url()).text
    job_runner.run(dead.id, grade_notebook=passing)
    assert "This one was tried again after a fault of ours" in as_alice.get(dead.get_absolute_url()).text


def test_a_draft_is_no_concern_of_a_retry(dead):
    services.retry_submission(submission=dead)
    assert not Draft.objects.exists()
