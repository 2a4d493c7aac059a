"""Readiness and metrics know the queues."""

import pytest

from exercises import monitoring
from exercises.grading import heartbeats
from exercises.kernels import sessions
from exercises.kernels.commands import RunCells
from exercises.models import Exercise, ExerciseVersion


def make_exercise(slug, queue, **fields):
    exercise = Exercise.objects.create(
        slug=slug, title=slug, summary="", queue=queue, minutes=1, max_points=1, **fields
    )
    exercise.version = ExerciseVersion.objects.create(exercise=exercise, digest="sha256:0", definition={})
    exercise.save()
    return exercise


def test_no_exercise_needs_no_worker(db):
    monitoring.check_workers()


def test_a_ready_worker_serves_its_queue(db):
    make_exercise("line-fit", "cpu")
    heartbeats.announce("cpu", "ready")
    heartbeats.announce("interactive", "ready")
    monitoring.check_workers()


def test_pages_need_a_host_that_runs_cells(db):
    make_exercise("line-fit", "cpu")
    heartbeats.announce("cpu", "ready")
    with pytest.raises(monitoring.QueueWithoutWorker, match="interactive"):
        monitoring.check_workers()


@pytest.mark.parametrize("announce", [lambda: None, lambda: heartbeats.announce("cpu", "warming")])
def test_a_queue_without_a_ready_worker_is_named(db, announce):
    make_exercise("line-fit", "cpu")
    announce()
    with pytest.raises(monitoring.QueueWithoutWorker, match="cpu"):
        monitoring.check_workers()


def test_retired_exercises_need_nothing(db):
    make_exercise("line-fit", "gpu", is_listed=False)
    monitoring.check_workers()


def test_readyz_says_so(client, db):
    make_exercise("line-fit", "gpu")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["workers"] == "failed"


def test_the_metrics_count_kernels(client, db):
    heartbeats.announce("interactive", "ready", 4)
    opening = sessions.Opening(user=1, exercise="add", version=1, runtime="tf-2.21", seed=1)
    sessions.send(opening, RunCells(run="r", kind="cells", cells=(), version=1))
    text = client.get("/metrics").text
    assert 'learnpaths_kernels{state="waiting"} 1.0' in text and "learnpaths_kernel_slots 4.0" in text


def test_the_metrics_count_workers(client, db):
    heartbeats.announce("cpu", "ready")
    text = client.get("/metrics").text
    assert 'learnpaths_workers{queue="cpu",state="ready"} 1.0' in text
    assert 'learnpaths_submissions{queue="cpu",state="queued"} 0.0' in text
