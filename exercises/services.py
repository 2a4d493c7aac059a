"""Writes: submitting, cancelling, grading again, drafts, hints, and exercises from files."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import ngettext

from exercises import hooks, selectors, tasks
from exercises.assignment.definition import Definition
from exercises.assignment.notebook_files import InvalidNotebook, Sources, check_sources, clean_source
from exercises.assignment.scratch import check_scratch, clean_scratch
from exercises.grading import events
from exercises.models import Draft, Exercise, ExerciseVersion, HintView, Priority, Regrade, State, Submission, Verdict
from learnpaths.core.problems import TooMany


class DraftConflict(Exception):
    """Another tab saved a newer draft; `draft` is that one."""

    def __init__(self, draft: Draft) -> None:
        super().__init__("Another tab saved a newer draft.")
        self.draft = draft


@transaction.atomic
def submit(*, user: Any, exercise: Exercise, sources: Sources, repairs: tuple[str, ...] = ()) -> Submission:
    """Store a submission as waiting and send it to its queue once it is stored.

    Raises TooMany where the person has as many waiting as may wait, and what `hooks.register_submit` refuses.
    """
    version = _current(exercise)
    _check_waiting(user)
    hooks.check_may_submit(user, exercise)
    submission = Submission(
        user=user,
        exercise=exercise,
        version=version,
        queue=version.parsed.queue,
        runtime=version.parsed.runtime,
        share=hooks.share_of(user.pk, exercise),
        sources=sources,
        repairs=list(repairs),
        max_points=version.parsed.max_points,
    )
    submission.full_clean(exclude=["user", "exercise", "version"])
    submission.save(force_insert=True)
    transaction.on_commit(lambda: _send(submission))
    return submission


def _check_waiting(user: Any) -> None:
    """Raise TooMany where one more would be too many. The person's row is locked, so that ten at once are ten.

    SQLite needs no lock: its transactions that write come one after another.
    """
    list(get_user_model().objects.select_for_update(no_key=True).filter(pk=user.pk).values_list("pk"))
    waiting = Submission.objects.of(user).waiting().filter(regrade_of=None).count()
    if waiting >= settings.WAITING_PER_PERSON:
        text = ngettext(
            "%(count)s submission of yours waits to be graded, and no more may wait. Your cells are kept. "
            "Wait until it has been graded, or cancel it; then submit again.",
            "%(count)s submissions of yours wait to be graded, and no more may wait. Your cells are kept. "
            "Wait until one of them has been graded, or cancel one; then submit again.",
            waiting,
        )
        raise TooMany(text % {"count": waiting}, headers={"Retry-After": "60"}, waiting=waiting)


def _send(submission: Submission) -> None:
    place = selectors.queue_place(submission)
    events.publish(submission.id, "queued", {"position": place.position, "seconds": place.seconds})
    tasks.send(submission)


def cancel_submission(*, submission: Submission) -> bool:
    """End a waiting or running submission as cancelled; return whether it was still to be ended.

    The worker that runs it loses its claim, so that a late report is dropped.
    """
    open_rows = Submission.objects.filter(id=submission.id).exclude(state=State.FINISHED)
    ended = open_rows.update(
        state=State.FINISHED, verdict=Verdict.CANCELLED, points=0, passed=False, token=None, finished_at=timezone.now()
    )
    submission.refresh_from_db()
    if ended:
        events.publish(submission.id, events.FINISHED, submission.outcome())
        transaction.on_commit(lambda: tasks.send_next(submission.id))
    return bool(ended)


def retry_submission(*, submission: Submission) -> bool:
    """Have a submission that ended as a fault of ours tried again from the beginning; return whether it was one."""
    dead = Submission.objects.dead().filter(id=submission.id)
    revived = dead.update(
        state=State.QUEUED, verdict="", points=None, passed=False, report=None, tries=0, retries=F("retries") + 1,
        due_at=None, sent_at=None, started_at=None, finished_at=None,
    )  # fmt: skip
    submission.refresh_from_db()
    if revived:
        events.forget(submission.id)  # they end with `finished`, which whoever follows would take for the end
        transaction.on_commit(lambda: _send(submission))
    return bool(revived)


@transaction.atomic
def regrade(*, exercise: Exercise, all_versions: bool = False, ordered_by: Any = None) -> Regrade | None:
    """Have each learner's best and last submission of an exercise graded again on its current version.

    Only submissions to the current version, unless `all_versions`. Each grading is a row of its own behind everything
    else in the queue, with the sources and the seed of the old one; nobody's best result can get worse by it. Different
    learners' are graded side by side, on as many cores as the workers have. Returns None where there is nothing to grade.
    """
    version = _current(exercise)
    old_ones = selectors.to_regrade(exercise, all_versions=all_versions)
    if not old_ones:
        return None
    order = Regrade(exercise=exercise, version=version, ordered_by=ordered_by)
    order.full_clean(exclude=["exercise", "version", "ordered_by"])
    order.save(force_insert=True)
    for old in old_ones:
        submission = Submission(
            user_id=old.user_id,
            exercise=exercise,
            version=version,
            queue=version.parsed.queue,
            runtime=version.parsed.runtime,
            share=hooks.share_of(old.user_id, exercise),
            sources={cell.id: old.sources.get(cell.id, cell.starter) for cell in version.parsed.solution_cells},
            seed=old.seed,
            max_points=version.parsed.max_points,
            priority=Priority.REGRADE,
            regrade_of=old,
            regrade=order,
        )
        submission.full_clean(exclude=["user", "exercise", "version", "regrade_of", "regrade"])
        submission.save(force_insert=True)
        transaction.on_commit(partial(_send, submission))
    return order


@transaction.atomic
def save_draft(
    *, user: Any, exercise: Exercise, sources: Mapping[str, Any], base: int, scratch: Sequence[Any] | None = None
) -> Draft:
    """Keep a draft that was begun from revision `base` (0: from none); without `scratch`, those cells stay as they are.

    Raises InvalidNotebook and DraftConflict.
    """
    version = _current(exercise)
    known = {cell.id for cell in version.parsed.solution_cells}
    problems = check_sources(version.parsed, sources, is_whole=False) + check_scratch(scratch or [])
    if problems:
        raise InvalidNotebook(problems)
    texts = {cell_id: clean_source(text) for cell_id, text in sources.items() if cell_id in known}
    draft, is_new, own = _find_or_begin(user, exercise, texts, scratch)
    if is_new or (draft.sources == texts and draft.scratch == own):
        return draft
    if draft.revision != base:
        raise DraftConflict(draft)
    draft.version, draft.sources, draft.scratch, draft.revision = version, texts, own, draft.revision + 1
    draft.full_clean(exclude=["user", "exercise", "version"])
    draft.save()
    return draft


@transaction.atomic
def replace_draft(
    *, user: Any, exercise: Exercise, sources: Mapping[str, str], scratch: Sequence[Any] | None = None
) -> Draft:
    """Put other work (an upload, an earlier submission) into the draft; `undo_replacement` brings back the old.

    Without `scratch`, those cells stay as they are. Raises InvalidNotebook for bad ones.
    """
    version = _current(exercise)
    known = {cell.id for cell in version.parsed.solution_cells}
    if problems := check_scratch(scratch or []):
        raise InvalidNotebook(problems)
    texts = {cell_id: text for cell_id, text in sources.items() if cell_id in known}
    draft, is_new, own = _find_or_begin(user, exercise, texts, scratch)
    if not is_new and (draft.sources, draft.scratch) != (texts, own):
        if draft.sources != texts:
            draft.previous = draft.sources
        draft.version, draft.sources, draft.scratch = version, texts, own
        draft.revision += 1
        draft.full_clean(exclude=["user", "exercise", "version"])
        draft.save()
    return draft


def _find_or_begin(
    user: Any, exercise: Exercise, texts: dict[str, str], scratch: Sequence[Any] | None
) -> tuple[Draft, bool, list[dict[str, str]]]:
    """Return a person's draft, locked, whether it is new, and the scratch cells that it shall have: without `scratch`, its own."""
    own = None if scratch is None else clean_scratch(scratch)
    draft, is_new = Draft.objects.select_for_update().get_or_create(
        user=user,
        exercise=exercise,
        defaults={"version": _current(exercise), "sources": texts, "scratch": own or []},
    )
    return draft, is_new, draft.scratch if own is None else own


@transaction.atomic
def undo_replacement(*, draft: Draft) -> Draft:
    """Exchange the draft with what was replaced last; a second time brings it back."""
    draft = Draft.objects.select_for_update().get(pk=draft.pk)
    if draft.previous is not None:
        draft.sources, draft.previous = draft.previous, draft.sources
        draft.revision += 1
        draft.save()
    return draft


def record_hint(*, user: Any, exercise: Exercise, cell: str, stage: int) -> None:
    """Remember that a learner opened a hint; the second time changes nothing."""
    HintView.objects.get_or_create(user=user, exercise=exercise, cell=cell, stage=stage)


@transaction.atomic
def save_exercise(*, definition: Definition) -> str:
    """Make a definition the current version of its exercise; return `created`, `updated` or `unchanged`."""
    digest = definition.digest()
    exercise = Exercise.objects.select_related("version").filter(slug=definition.id).first()
    is_listed = definition.is_listed
    if exercise and exercise.is_listed == is_listed and exercise.version and exercise.version.digest == digest:
        return "unchanged"
    values = {
        "title": definition.title,
        "summary": definition.summary,
        "queue": definition.queue,
        "minutes": definition.minutes,
        "max_points": definition.max_points,
        "is_listed": is_listed,
    }
    exercise, is_new = Exercise.objects.update_or_create(slug=definition.id, defaults=values)
    exercise.version, _ = ExerciseVersion.objects.get_or_create(
        exercise=exercise, digest=digest, defaults={"definition": definition.to_json()}
    )
    exercise.full_clean()
    exercise.save()
    return "created" if is_new else "updated"


def retire_exercises(*, except_for: set[str]) -> int:
    """Take the exercises whose files are gone off the lists; results stay."""
    return Exercise.objects.filter(is_listed=True).exclude(slug__in=except_for).update(is_listed=False)


def _current(exercise: Exercise) -> ExerciseVersion:
    assert exercise.version is not None, "only listed exercises reach a service"
    return exercise.version
