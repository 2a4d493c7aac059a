"""A path of a lesson with two checkpoints and two exercises, its credential, and a learner who can finish it."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from certification import issuing, services
from certification.models import Certificate, Credential
from certification.openbadges import keys
from exercises.assignment.definition import Check, Definition, Threshold
from exercises.models import Exercise, ExerciseVersion, State, Submission
from learnpaths.accounts.models import User
from learnpaths.catalog.models import Checkpoint, Lesson, Path, Step, Unit
from learnpaths.progress.services import record_answer, record_step

SOURCES = {"model": "w = 2.0\n"}
METRICS = [
    {"name": "held-out accuracy", "value": 0.957, "threshold": 0.93, "better": "higher"},
    {"name": "loss <b>", "value": 0.081234, "threshold": 0.2, "better": "lower"},
]
REPORT = {
    "exercise": "digits",
    "verdict": "passed",
    "points": 10,
    "max_points": 10,
    "passed": True,
    "checks": [
        {"id": "accuracy", "title": "Accuracy", "hidden": True, "outcome": "passed", "points": 6, "metrics": METRICS},
        {"id": "shape", "title": "The shape is kept", "hidden": False, "outcome": "passed", "points": 4},
    ],
    "pass_rule": {"points": 8, "hidden_points": 5, "required": ["accuracy", "shape"]},
    "runtime": {"python": "3.11.7", "tensorflow": "2.21.0", "keras": "3.15.1", "queue": "cpu"},
}
DEFINITION = Definition(
    id="digits",
    title="Digits",
    summary="…",
    queue="cpu",
    minutes=20,
    pass_percent=80,
    pass_hidden_percent=75,
    cells=(),
    checks=(
        Check(id="accuracy", title="Accuracy", points=6, hidden=True, requires=(), required=True),
        Check(id="shape", title="The shape is kept", points=4, hidden=False, requires=(), required=True),
    ),
    thresholds=(
        Threshold(check="accuracy", metric="held-out accuracy", value=0.93),
        Threshold(check="accuracy", metric="loss <b>", value=0.2, better="lower"),
    ),
)


@pytest.fixture
def signing_keys(db) -> keys.KeySet:
    """The issuer's keys of this session."""
    if not settings.SIGNING_KEY_FILE.exists():
        keys.create(settings.SIGNING_KEY_FILE)
    return keys.load(settings.SIGNING_KEY_FILE)


@pytest.fixture
def ada(db) -> User:
    """A learner with a name."""
    return User.objects.create_user(email="ada@example.org", password="x", display_name="Ada Lovelace")


@pytest.fixture
def path(db) -> Path:
    path = Path.objects.create(
        slug="foundations", title="Foundations", summary="The basics", level="beginner", hours=6, position=1
    )
    unit = Unit.objects.create(path=path, title="All", position=1)
    for position, (kind, slug) in enumerate([("lesson", "loss"), ("exercise", "digits"), ("exercise", "lines")]):
        Step.objects.create(unit=unit, kind=kind, slug=slug, title=slug.title(), position=position)
        if kind == "exercise":
            make_exercise(slug)
    lesson = Lesson.objects.create(step=Step.objects.get(slug="loss"), body_html="", text="")
    for slug in ("slope", "step"):
        definition = {"prompt": "?", "answer": 1, "tolerance": 0, "wrong": [], "explanation": "", "otherwise": ""}
        Checkpoint.objects.create(lesson=lesson, slug=slug, kind="number", definition=definition)
    return path


@pytest.fixture
def credential(path) -> Credential:
    return Credential.objects.create(
        slug="foundations",
        title="TensorFlow Foundations",
        description="Trains and examines small networks.",
        criteria="Awarded for completing the path.",
        criteria_html="<p>Awarded for completing the path.</p>",
        achievement_type="Certificate",
        skills=["gradient descent", "tf.data"],
        path=path,
    )


@pytest.fixture
def finished(ada, path) -> User:
    """Ada has done everything; no certificate is awarded yet, because nobody listened."""
    for slug in ("digits", "lines"):
        submit(ada, slug, points=9, passed=True)
        record_step(user=ada, kind="exercise", slug=slug, completed=True, points=9, max_points=10)
    answer_all(ada)
    record_step(user=ada, kind="lesson", slug="loss", completed=True)
    return ada


@pytest.fixture
def certificate(finished, credential, signing_keys) -> Certificate:
    """Ada's issued certificate."""
    row = issuing.record_award(finished, credential)
    assert issuing.sign(row.id)
    row.refresh_from_db()
    return row


@pytest.fixture
def revoked(certificate, charlie) -> Certificate:
    services.revoke(certificate=certificate, reason="Awarded by mistake", actor=charlie)
    certificate.refresh_from_db()
    return certificate


def answer_all(user: User) -> None:
    for checkpoint in ("slope", "step"):
        record_answer(user=user, lesson="loss", checkpoint=checkpoint, answer="2", is_correct=False)


def make_exercise(slug: str) -> Exercise:
    exercise = Exercise.objects.create(
        slug=slug, title=slug.title(), summary="…", queue="cpu", minutes=20, max_points=10
    )
    make_version(exercise)
    return exercise


def make_version(exercise: Exercise, **changes: Any) -> ExerciseVersion:
    """Give an exercise a new version, which is the current one from then on."""
    definition = replace(DEFINITION, **{"id": exercise.slug, "title": exercise.title} | changes)
    exercise.version = ExerciseVersion.objects.create(
        exercise=exercise, digest=definition.digest(), definition=definition.to_json()
    )
    exercise.save()
    return exercise.version


def submit(user: User, slug: str, *, points: int, passed: bool, **values: Any) -> Submission:
    exercise = Exercise.objects.get(slug=slug)
    return Submission.objects.create(
        **{
            "user": user,
            "exercise": exercise,
            "version": exercise.version,
            "queue": "cpu",
            "sources": SOURCES,
            "seed": 7,
            "state": State.FINISHED,
            "verdict": "passed" if passed else "failed",
            "points": points,
            "max_points": 10,
            "passed": passed,
            "report": REPORT | {"exercise": slug},
            "finished_at": timezone.now(),
        }
        | values
    )
