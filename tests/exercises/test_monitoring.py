"""Readiness and metrics know the queues."""

import pytest

from exercises import monitoring, presence
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
    presence.announce("cpu", "ready")
    monitoring.check_workers()


@pytest.mark.parametrize("announce", [lambda: None, lambda: presence.announce("cpu", "warming")])
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


def test_the_metrics_count_workers(client, db):
    presence.announce("cpu", "ready")
    text = client.get("/metrics").text
    assert 'learnpaths_workers{queue="cpu",state="ready"} 1.0' in text
    assert 'learnpaths_submissions{queue="cpu",state="queued"} 0.0' in text
