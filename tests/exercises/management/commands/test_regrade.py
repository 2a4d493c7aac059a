"""`manage.py regrade` says what it does, and follows it."""

import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from exercises.grading import heartbeats, job_runner
from exercises.models import Submission
from tests.exercises.graders import passing


def test_a_dry_run_only_says(graded, alice, capsys):
    graded(alice)
    call_command("regrade", "add", "--dry-run")
    assert "1 submissions of 1 learners would be graded again." in capsys.readouterr().out
    assert Submission.objects.count() == 1


def test_an_unknown_exercise_is_refused(db):
    with pytest.raises(CommandError, match="no listed exercise named 'nothing'"):
        call_command("regrade", "nothing")


def test_without_a_worker_it_says_that_they_wait(graded, alice, capsys):
    graded(alice)
    call_command("regrade", "add", "--no-wait")
    said = capsys.readouterr()
    assert "to grade again" in said.out and "No cpu worker is running" in said.err


@pytest.mark.django_db(transaction=True)
def test_it_reports_progress(graded, alice, bob, capsys):
    heartbeats.announce("cpu", "ready")
    for user in (alice, bob):
        graded(user)
    done = threading.Event()

    def grade():
        while not done.is_set():
            for row in Submission.objects.waiting()[:1]:
                job_runner.run(row.id, grade_notebook=passing)
        connection.close()

    worker = threading.Thread(target=grade)
    worker.start()
    try:
        call_command("regrade", "add")
    finally:
        done.set()
        worker.join()
    assert "2 of 2 graded: 2 same" in capsys.readouterr().out
