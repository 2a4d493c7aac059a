"""Reads: what pages, the API and other apps ask of exercises and submissions."""

import pathlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from operator import itemgetter
from statistics import median
from typing import Any, NamedTuple, cast
from uuid import UUID

import redis
import structlog
from django.utils import timezone

from exercises.assignment.definition import Definition
from exercises.assignment.reader import read_exercise
from exercises.assignment.report import MalformedReport, Report
from exercises.assignment.run_events import CellEvent, CheckEvent
from exercises.authoring import measurements
from exercises.grading import events, heartbeats, reports, scheduling
from exercises.models import Draft, Exercise, Regrade, State, Submission
from exercises.querysets import REFUNDED, SubmissionQuerySet
from learnpaths.catalog.models import Path, Step
from learnpaths.catalog.tables import is_id
from learnpaths.progress.models import Enrolment

log = structlog.get_logger(__name__)


def definition(slug: str) -> Definition | None:
    """Return the current version's definition, or None where there is no such exercise."""
    exercise = find_exercise(slug)
    return exercise.version.parsed if exercise and exercise.version else None


def definition_from_files(slug: str, content_dirs: Iterable[pathlib.Path]) -> Definition | None:
    """Return the definition of the first content root that has a sound exercise of that name; no database."""
    for root in content_dirs:
        folder = root / "exercises" / slug
        if is_id(slug) and folder.is_dir():
            return read_exercise(folder, root / "data")[0]
    return None


def find_exercise(slug: str) -> Exercise | None:
    """Return a listed exercise with its current version, whose definition waits until somebody asks for more than `parsed`."""
    rows = Exercise.objects.listed().select_related("version").defer("version__definition")
    return rows.filter(slug=slug).first()


def best_submission(user: Any, slug: str) -> Submission | None:
    """Return the learner's best finished submission of an exercise: passed first, then by points, then the earliest."""
    return Submission.objects.of(user).filter(exercise__slug=slug).best_first().select_related("version").first()


def to_regrade(exercise: Exercise, *, all_versions: bool) -> list[Submission]:
    """Return each learner's best and last own submission that counts, unless it is being graded again already."""
    rows = Submission.objects.filter(exercise=exercise, state=State.FINISHED).attempts()
    rows = rows if all_versions else rows.filter(version=exercise.version_id)
    last = rows.order_by("user_id", "-created_at", "-id").values_list("user_id", "id")
    best = rows.order_by("user_id", "-passed", "-points", "created_at").values_list("user_id", "id")
    wanted = {*_first_of_each(last), *_first_of_each(best)}
    busy = Submission.objects.exclude(state=State.FINISHED).filter(regrade_of__in=wanted)
    return list(rows.filter(id__in=wanted).exclude(id__in=busy.values("regrade_of")).order_by("created_at", "id"))


def _first_of_each(rows: Iterable[tuple[int, UUID]]) -> Iterable[UUID]:
    """Return the first id of each person, of rows that are sorted by person."""
    return (next(ids)[1] for _, ids in groupby(rows, key=itemgetter(0)))


def listed_slugs() -> Iterable[str]:
    """Return the ids of the listed exercises."""
    return Exercise.objects.filter(is_listed=True).values_list("slug", flat=True)


def find_submission(user: Any, submission_id: UUID) -> Submission | None:
    """Return a submission if this person may see it; that somebody looks at another's work is logged."""
    rows = Submission.objects.visible_to(user).select_related("exercise", "version", "user")
    submission = rows.filter(id=submission_id).first()
    if submission is not None and submission.user_id != user.pk:
        log.info("work_of_another_seen", by=user.pk, of=submission.user_id, submission=str(submission.id))
    return submission


def can_cancel(user: Any, submission: Submission) -> bool:
    """Tell whether this person may stop a submission: its own, or with the right to change submissions."""
    return submission.user_id == user.pk or bool(user.has_perm("exercises.change_submission"))


def find_draft(user: Any, exercise: Exercise) -> Draft | None:
    if not user.is_authenticated:
        return None
    return Draft.objects.filter(user=user, exercise=exercise).first()


_COMPARED = (
    "state",
    "user_id",
    "verdict",
    "points",
    "max_points",
    "regrade_id",
    "regrade_of__points",
    "regrade_of__max_points",
)


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a waiting submission stands: how many run or wait before it, and in about how many seconds its turn comes.

    `seconds` is None where nobody can know: no worker serves the queue, or an exercise before it was never graded.
    """

    position: int
    seconds: int | None


def queue_place(submission: Submission) -> Place:
    """Return a waiting submission's place, its wait reckoned from the measured times of the exercises before it."""
    rows = Submission.objects.running().filter(queue=submission.queue)
    running = rows.values_list("user_id", "exercise__service_seconds", "started_at")
    ahead = takewhile(lambda row: row.id != submission.id, scheduling.list_waiting(submission.queue))
    waits = [_running(*row) for row in running] + [_Wait(row.user, row.seconds) for row in ahead]
    return Place(position=len(waits), seconds=_seconds_until_turn(submission, waits))


class _Wait(NamedTuple):
    """A submission before another one: its learner, and how many seconds it still takes, if that is known."""

    user: int
    seconds: float | None


def _running(user: int, service_seconds: float | None, started_at: Any) -> _Wait:
    elapsed = (timezone.now() - started_at).total_seconds()
    return _Wait(user, None if service_seconds is None else max(service_seconds - elapsed, 0.0))


def _seconds_until_turn(submission: Submission, waits: list[_Wait]) -> int | None:
    """The work ahead over all slots; but a learner's own submissions come one after the other."""
    workers = [worker for worker in heartbeats.workers(submission.queue) if worker.serves(submission.runtime)]
    slots = sum(worker.slots for worker in workers)
    if not slots or any(wait.seconds is None for wait in waits):
        return None
    own = sum(wait.seconds or 0 for wait in waits if wait.user == submission.user_id)
    return round(max(own, 0 if len(waits) < slots else sum(wait.seconds or 0 for wait in waits) / slots))


def queue_state(queue: str, runtime: str = "") -> str:
    """Return `ready` or `warming`; `none` where no worker of the queue is alive, `no_runtime` where none has the runtime."""
    alive = heartbeats.workers(queue)
    states = {worker.state for worker in alive if not runtime or worker.serves(runtime)}
    if not states:
        return "no_runtime" if alive else "none"
    return "ready" if "ready" in states else "warming"


def unserved_exercises() -> dict[tuple[str, str], list[str]]:
    """Return the ids of listed exercises that no live worker could grade, by queue and runtime."""
    slugs_by_need: dict[tuple[str, str], list[str]] = {}
    for exercise in Exercise.objects.listed().select_related("version"):
        assert exercise.version is not None
        slugs_by_need.setdefault((exercise.queue, exercise.version.runtime), []).append(exercise.slug)
    return {need: slugs for need, slugs in slugs_by_need.items() if queue_state(*need) in ("none", "no_runtime")}


def compare_results(new: Submission) -> str:
    """Say how a grading again differs from the one that it repeats: better, worse or same; or new, or why it ended."""
    old = new.regrade_of
    if new.verdict in REFUNDED:
        return new.verdict
    if old is None or old.points is None or new.points is None:
        return "new"
    difference = new.points * old.max_points - old.points * new.max_points
    return "better" if difference > 0 else "worse" if difference < 0 else "same"


@dataclass(frozen=True, kw_only=True)
class RegradeProgress:
    """How far an order to grade again is; `results` counts the finished by `compare_results`."""

    total: int
    learners: int
    results: Mapping[str, int]

    @property
    def done(self) -> int:
        return sum(self.results.values())


def regrade_progress(order: Regrade) -> RegradeProgress:
    rows = order.submissions.select_related("regrade_of").only(*_COMPARED)
    finished = Counter(compare_results(row) for row in rows if row.is_finished)
    users = {row.user_id for row in rows}
    return RegradeProgress(total=len(rows), learners=len(users), results=dict(sorted(finished.items())))


def history(user: Any, exercise: Exercise) -> SubmissionQuerySet:
    """Return the learner's submissions of an exercise, newest first."""
    if not user.is_authenticated:
        return Submission.objects.none()
    return Submission.objects.of(user).filter(exercise=exercise).order_by("-created_at", "-id")


def find_report(submission: Submission) -> Report | None:
    """Return the report of a submission, an empty one where the engine never reported; None, and a line in the log, for one that cannot be read."""
    try:
        return reports.read_report(submission)
    except MalformedReport as error:
        log.error("malformed_report", submission=str(submission.id), error=str(error))
        return None


def report(submission: Submission) -> Report:
    """Return the report of a submission; where there is none, or none that can be read, an empty one."""
    return find_report(submission) or reports.empty_report(submission, submission.verdict)


def report_json(submission: Submission) -> dict[str, Any]:
    """Return the JSON of `report` as it was written, completed by what reports did not have then."""
    report = find_report(submission)
    if report is None:
        return reports.empty_report(submission, submission.verdict).to_json()
    return {**report.to_json(), **(submission.report or {})}


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What a whole run took: seconds of the clock and of the processor; None where nobody measured them."""

    seconds: float | None = None
    cpu_seconds: float | None = None


def run_cost(submission: Submission) -> Cost:
    """Return what a submission took from the start of its jail to its last check."""
    measured = report(submission)
    seconds = sum(measured.phases.get(name, 0.0) for name in ("start", "run", "check"))
    return Cost(seconds=float(seconds), cpu_seconds=(measured.usage or {}).get("cpu_seconds"))


def reference_cost(definition: Definition, content_dirs: Iterable[pathlib.Path]) -> Cost:
    """Return the medians of the reference's measured runs; nothing is known where this version was not measured."""
    for root in content_dirs:
        folder = root / "exercises" / definition.id
        kept = measurements.read(folder)
        if kept and not measurements.is_stale(definition, folder):
            runs = kept.runs("reference")
            used = [row["cpu_seconds"] for row in runs if row.get("cpu_seconds")]
            return Cost(seconds=median(row["seconds"] for row in runs), cpu_seconds=median(used) if used else None)
    return Cost()


def next_step(user: Any, slug: str) -> Step | None:
    """Return the step that follows an exercise on the person's path (or on the first path that has it)."""
    paths = Path.objects.listed().with_steps().filter(units__steps__kind="exercise", units__steps__slug=slug)
    paths = paths.distinct().order_by("position", "slug")
    enrolled = set(Enrolment.objects.filter(user=user, path__in=paths).values_list("path_id", flat=True))
    for path in sorted(paths, key=lambda path: path.pk not in enrolled):
        steps = path.steps
        position = next(index for index, step in enumerate(steps) if step.key == ("exercise", slug))
        return steps[position + 1] if position + 1 < len(steps) else None
    return None


@dataclass(kw_only=True)
class Progress:
    """What the events of a run say so far: cells and checks by id, and the id of the last event."""

    is_started: bool = False
    cells: dict[str, CellEvent] = field(default_factory=dict)
    checks: dict[str, CheckEvent] = field(default_factory=dict)
    last_id: str = events.START


def progress(submission: Submission) -> Progress:
    """Return how far a submission is; nothing is known where the broker cannot be asked."""
    progress = Progress()
    try:
        history = events.read(submission.id)
    except redis.RedisError:
        return progress
    for event in history:
        progress.last_id = event.id
        if event.kind == "queued":
            progress = Progress(last_id=event.id)  # given back to the queue: the run begins anew
        elif event.kind == "started":
            progress.is_started = True
        elif event.kind == "cell":
            progress.cells[event.data["id"]] = cast(CellEvent, event.data)
        elif event.kind == "check":
            progress.checks[event.data["id"]] = cast(CheckEvent, event.data)
    return progress


def best_points(user: Any) -> dict[int, Submission]:
    """Return the person's best submission by exercise, in one query."""
    if not user.is_authenticated:
        return {}
    best: dict[int, Submission] = {}
    rows = Submission.objects.of(user).best_first().only("exercise_id", "points", "max_points", "passed")
    for submission in rows:
        best.setdefault(submission.exercise_id, submission)
    return best
