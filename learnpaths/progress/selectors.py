"""Read how far somebody is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser

from learnpaths.accounts.models import User
from learnpaths.catalog.checkpoints import NotAnAnswer, judge
from learnpaths.catalog.models import Checkpoint, Path, Step, Unit
from learnpaths.progress.models import CheckpointAnswer, Enrolment, StepProgress

Results = Mapping[tuple[str, str], StepProgress]  # by kind and slug


@dataclass(frozen=True)
class PathProgress:
    """`percent` is a whole number, 100 only when every step is completed; `next_step` is the first one that is not."""

    done: int
    total: int
    next_step: Step | None

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0

    @property
    def is_complete(self) -> bool:
        return self.total > 0 and self.done == self.total


@dataclass(frozen=True)
class StepCounts:
    """How much there is to do."""

    lessons: int
    exercises: int


@dataclass(frozen=True)
class StepState:
    """A step as one person sees it."""

    step: Step
    result: StepProgress | None

    @property
    def is_completed(self) -> bool:
        return self.result is not None and self.result.is_completed


@dataclass(frozen=True)
class CheckpointState:
    """A checkpoint as one person sees it; `number` counts from 1 in its lesson. `is_answered`: rightly or wrongly."""

    step: Step
    slug: str
    number: int
    is_answered: bool

    def get_absolute_url(self) -> str:
        return f"{self.step.get_absolute_url()}#checkpoint-{self.slug}"


def results(user: User | AnonymousUser) -> Results:
    """Return all that the person did at steps, in one query."""
    if user.is_anonymous:
        return {}
    return {(row.kind, row.slug): row for row in StepProgress.objects.filter(user_id=user.pk)}


def path_progress(user: User | AnonymousUser, path: Path) -> PathProgress:
    """Return how far the person is on the path. One query if the path was fetched `with_steps`."""
    return progress_in(path, results(user))


def progress_in(path: Path, results: Results) -> PathProgress:
    """Return how far somebody with these results is on a path. No query if the path was fetched `with_steps`."""
    steps = path.steps
    left = [step for step in steps if not _is_completed(step, results)]
    return PathProgress(done=len(steps) - len(left), total=len(steps), next_step=left[0] if left else None)


def count_steps(paths: Iterable[Path]) -> StepCounts:
    """Return how many lessons and exercises there are, one that stands on two paths once."""
    kinds = [kind for kind, _slug in {step.key for path in paths for step in path.steps}]
    return StepCounts(lessons=kinds.count("lesson"), exercises=kinds.count("exercise"))


def _is_completed(step: Step, results: Results) -> bool:
    return step.key in results and results[step.key].is_completed


def outline(path: Path, results: Results) -> list[tuple[Unit, list[StepState]]]:
    """Return the units of a path with their steps as that person sees them."""
    units: dict[Unit, list[StepState]] = {unit: [] for unit in path.units.all()}
    for step in path.steps:
        units[step.unit].append(StepState(step, results.get(step.key)))
    return list(units.items())


def enrolments(user: User | AnonymousUser) -> list[Enrolment]:
    """Return the paths that the person walks, the one visited last first."""
    return [] if user.is_anonymous else list(Enrolment.objects.filter(user_id=user.pk))


def resume_step(enrolments: Iterable[Enrolment], paths: Iterable[Path], results: Results) -> Step | None:
    """Return the step where the person was last, or the next one if they completed it; None if all is done.

    `paths` are those to choose from, fetched `with_steps`.
    """
    by_id = {path.pk: path for path in paths}
    for enrolment in enrolments:
        path = by_id.get(enrolment.path_id)
        step = path and _left_off(enrolment, path, results)
        if step:
            return step
    return None


def _left_off(enrolment: Enrolment, path: Path, results: Results) -> Step | None:
    last = next((step for step in path.steps if step.key == (enrolment.kind, enrolment.slug)), None)
    if last and not _is_completed(last, results):
        return last
    return progress_in(path, results).next_step


def answers(user: User | AnonymousUser, lesson: str) -> dict[str, str]:
    """Return the person's latest answers in a lesson by checkpoint."""
    if user.is_anonymous:
        return {}
    rows = CheckpointAnswer.objects.filter(user_id=user.pk, lesson=lesson)
    return dict(rows.values_list("checkpoint", "answer"))


def checkpoints(user: User, lessons: Iterable[Step]) -> list[CheckpointState]:
    """Return the checkpoints of these lessons in their order, in two queries; an answer that the question no longer takes is none."""
    steps = {step.pk: step for step in lessons}
    given = _given(user, {step.slug for step in steps.values()})
    by_step: dict[int, list[CheckpointState]] = {pk: [] for pk in steps}
    for row in (
        Checkpoint.objects.filter(lesson__step__in=list(steps))
        .only("slug", "kind", "definition", "lesson__step_id")
        .select_related("lesson")
    ):
        step = steps[row.lesson.step_id]
        states = by_step[step.pk]
        is_answered = _is_answer(row, given.get((step.slug, row.slug)))
        states.append(CheckpointState(step, row.slug, len(states) + 1, is_answered))
    return [state for states in by_step.values() for state in states]


def _given(user: User, lessons: Iterable[str]) -> dict[tuple[str, str], str]:
    rows = CheckpointAnswer.objects.filter(user_id=user.pk, lesson__in=lessons)
    return {
        (lesson, checkpoint): answer
        for lesson, checkpoint, answer in rows.values_list("lesson", "checkpoint", "answer")
    }


def _is_answer(checkpoint: Checkpoint, answer: str | None) -> bool:
    if answer is None:
        return False
    try:
        judge(checkpoint.kind, checkpoint.definition, answer)
    except NotAnAnswer:
        return False  # the question changed since
    return True
