import json
from inspect import iscoroutinefunction

import pytest
from asgiref.sync import async_to_sync
from django.test import Client
from rest_framework.test import APIClient

from exercises import services, tasks
from exercises.assignment.notebook_files import learner_notebook
from exercises.assignment.reader import read_exercise
from exercises.grading import claims, job_runner
from exercises.models import Exercise
from tests.exercises.graders import broken, changed, no_points, passing
from tests.exercises.samples import write_exercise

ANSWERS = {"add": "def add(a, b):\n    return a + b", "twice": "twice = 4"}


@pytest.fixture(scope="session")
def definition(tmp_path_factory):
    """The sample exercise."""
    folder = write_exercise(tmp_path_factory.mktemp("content"))
    definition, problems = read_exercise(folder, folder.parents[1] / "data")
    assert not problems
    return definition


@pytest.fixture
def exercise(db, definition):
    """The sample exercise, loaded."""
    services.save_exercise(definition=definition)
    return Exercise.objects.select_related("version").get(slug="add")


@pytest.fixture
def answers():
    return dict(ANSWERS)


@pytest.fixture
def notebook(definition):
    """A learner's notebook with answers, as a document to change."""
    return json.loads(json.dumps(learner_notebook(definition, ANSWERS)))


@pytest.fixture
def submission(alice, exercise):
    """A waiting submission of Alice's; nothing was sent to a queue (its transaction never commits)."""
    return services.submit(user=alice, exercise=exercise, sources=ANSWERS)


@pytest.fixture
def as_alice(alice):
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def as_bob(bob):
    client = Client()
    client.force_login(bob)
    return client


@pytest.fixture
def api(alice):
    client = APIClient()
    client.force_login(alice)
    return client


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem):
    """Run `async def` tests in a loop of their own; their synchronous parts run in this thread, on its connection."""
    if not iscoroutinefunction(pyfuncitem.obj):
        return None
    names = pyfuncitem._fixtureinfo.argnames
    async_to_sync(pyfuncitem.obj)(**{name: pyfuncitem.funcargs[name] for name in names})
    return True


@pytest.fixture
def sent(monkeypatch):
    """What was sent to its queue, in order; nothing reaches the broker."""
    sent = []
    monkeypatch.setattr(tasks, "send", sent.append)
    return sent


@pytest.fixture
def graded(exercise, answers):
    """Submit for a person and grade it: with all points, or with none."""

    def graded(user, passes=True):
        row = services.submit(user=user, exercise=exercise, sources=answers)
        engine = passing if passes else changed(verdict="failed", passed=False, points=0, checks=no_points(row))
        job_runner.run(row.id, grade_notebook=engine)
        row.refresh_from_db()
        return row

    return graded


@pytest.fixture
def dead(submission):
    """A submission that failed three times, and not by its learner's fault."""
    for _ in range(claims.MAX_TRIES):
        job_runner.run(submission.id, grade_notebook=broken)
    submission.refresh_from_db()
    return submission


@pytest.fixture
def measured(exercise):
    """The sample exercise takes ten seconds."""
    Exercise.objects.update(service_seconds=10.0)
    exercise.refresh_from_db()
    return exercise
