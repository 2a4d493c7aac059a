"""Messages: sent to the queue of the hardware, in their order, and sent again where they were lost."""

import json
from datetime import datetime, timedelta

from celery import current_app
from django.utils import timezone

from exercises import services, tasks
from exercises.grading import claims, job_runner
from exercises.models import Priority, Submission
from tests.exercises.graders import broken, passing_report

HOUR = timedelta(hours=1)


def test_a_message_used_up_while_the_turn_was_taken_is_replaced(submission, alice, exercise, answers, sent):
    second = services.submit(user=alice, exercise=exercise, sources=answers)
    Submission.objects.update(sent_at=timezone.now())
    first = claims.claim(submission.id)
    assert claims.claim(second.id) is None
    tasks.look_after_submissions()
    assert sent == []  # its turn is still taken
    claims.finish(first, passing_report(first))
    tasks.look_after_submissions()
    assert sent == [second]


def test_the_broker_hands_out_what_matters_more_first(submission, alice, exercise, answers, broker):
    for priority in (Priority.REGRADE, Priority.GRADED, Priority.INTERACTIVE):
        row = services.submit(user=alice, exercise=exercise, sources=answers)
        row.priority = priority
        row.save()
        assert tasks.send(row)
    with current_app.connection_for_read() as link:
        messages = [link.default_channel.basic_get("cpu", no_ack=True) for _ in range(3)]
    ids = [message.payload[0][0] for message in messages]
    assert [Submission.objects.get(id=each).priority for each in ids] == [0, 3, 6]


def test_a_message_says_when_its_submission_is_due(submission, broker):
    job_runner.run(submission.id, grade_notebook=broken)
    submission.refresh_from_db()
    tasks.send(submission)
    (key,) = broker.scan_iter("cpu*")
    eta = json.loads(broker.lindex(key, 0))["headers"]["eta"]
    assert abs(datetime.fromisoformat(eta) - submission.due_at) < timedelta(seconds=1)


def test_looking_after_sends_what_has_no_live_message(submission, sent):
    tasks.look_after_submissions()
    assert sent == [submission]
    Submission.objects.update(sent_at=timezone.now())
    tasks.look_after_submissions()
    assert len(sent) == 1


def test_a_message_lost_from_an_empty_queue_is_missed_soon(submission, sent):
    Submission.objects.update(sent_at=timezone.now() - tasks.RESEND_FROM_EMPTY - timedelta(seconds=1))
    tasks.look_after_submissions()
    assert sent == [submission]


def test_a_message_that_may_still_wait_in_its_queue_is_missed_late(submission, alice, exercise, answers, monkeypatch):
    tasks.send(submission)  # a message that no worker takes
    sent = []
    monkeypatch.setattr(tasks, "send", sent.append)
    Submission.objects.update(sent_at=timezone.now() - tasks.RESEND_FROM_EMPTY - timedelta(seconds=1))
    tasks.look_after_submissions()
    assert sent == []
    Submission.objects.update(sent_at=timezone.now() - tasks.RESEND_AFTER - timedelta(seconds=1))
    tasks.look_after_submissions()
    assert sent == [submission]


def test_sending_puts_a_message_into_the_queue_of_the_hardware(submission, broker):
    assert tasks.send(submission) is True
    keys = [key.decode() for key in broker.scan_iter("cpu*")]
    assert len(keys) == 1
    assert str(submission.id).encode() in broker.lindex(keys[0], 0)
    assert Submission.objects.get(id=submission.id).sent_at is not None
