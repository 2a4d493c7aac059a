"""What a person has done towards a credential, and what is still missing: read once, so that an award is about just that.

`criteria.RULE` in code: every lesson read, every checkpoint answered, every exercise passed by a submission that proves what the
certificate will say of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from django.db.models import F
from django.utils.translation import gettext as _

from certification import criteria, evidence
from certification.models import Credential
from exercises.assignment.definition import Definition
from exercises.assignment.pass_rule import Rule
from exercises.assignment.report import MalformedReport, read_checks, read_rule
from exercises.models import Submission, parse_versions
from exercises.pages import pass_messages
from learnpaths.accounts.models import User
from learnpaths.catalog.models import Path, Step
from learnpaths.progress import selectors as progress
from learnpaths.progress.selectors import CheckpointState, StepState

log = structlog.get_logger(__name__)
MOST_TRIED = 8  # passed submissions of an exercise that are looked into


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a person did at an exercise: the submission that counts, or the best one and what it `lacks`, in words.

    A submission of an earlier version counts, for what that version asked.
    """

    step: Step
    lacks: tuple[str, ...] = ()
    submission: Submission | None = None
    definition: Definition | None = None
    is_unproved: bool = False  # passed, but without a measurement that the certificate would state: a fault of ours

    @property
    def is_done(self) -> bool:
        return self.definition is not None and not self.lacks


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How many of something are done; `is_done` if all are."""

    done: int
    total: int

    @property
    def is_done(self) -> bool:
        return self.done == self.total


@dataclass(frozen=True, kw_only=True)
class Accomplishment:
    """A person's way to one credential. `is_earned` is the whole rule."""

    credential: Credential
    path: Path
    lessons: tuple[StepState, ...]
    checkpoints: tuple[CheckpointState, ...]
    exercises: tuple[Work, ...]
    has_other_steps: bool = False  # of a kind that no rule speaks of: such a path cannot be certified

    @property
    def is_possible(self) -> bool:
        """False where nobody can earn it: nothing on the path is measured, or a step that no rule speaks of."""
        return bool(self.exercises) and not self.has_other_steps

    @property
    def is_earned(self) -> bool:
        tallies = (self.lesson_tally, self.checkpoint_tally, self.exercise_tally)
        return self.is_possible and all(tally.is_done for tally in tallies)

    @property
    def lesson_tally(self) -> Tally:
        return Tally(done=sum(state.is_completed for state in self.lessons), total=len(self.lessons))

    @property
    def checkpoint_tally(self) -> Tally:
        return Tally(done=sum(state.is_answered for state in self.checkpoints), total=len(self.checkpoints))

    @property
    def exercise_tally(self) -> Tally:
        return Tally(done=sum(work.is_done for work in self.exercises), total=len(self.exercises))

    @property
    def missing_lessons(self) -> list[StepState]:
        return [state for state in self.lessons if not state.is_completed]

    @property
    def missing_checkpoints(self) -> list[CheckpointState]:
        return [state for state in self.checkpoints if not state.is_answered]

    @property
    def missing_exercises(self) -> list[Work]:
        return [work for work in self.exercises if not work.is_done]

    def record(self) -> list[evidence.Entry]:
        """Return the evidence: an entry for each exercise, from the submission that counts. One query."""
        works = [
            (work.submission.pk, work.definition) for work in self.exercises if work.definition and work.submission
        ]
        rows = Submission.objects.select_related("version").defer("repairs", "version__definition")
        whole = rows.in_bulk([pk for pk, _ in works])  # `survey` reads only what it judges by
        return [evidence.entry(whole[pk], definition) for pk, definition in works]

    def snapshot(self) -> dict[str, Any]:
        """Return all that the certificate will say, as it is today: nothing that changes later reaches it."""
        definitions = [work.definition for work in self.exercises if work.definition]
        course = criteria.Course(title=self.path.title, lessons=len(self.lessons), checkpoints=len(self.checkpoints))
        credential = self.credential
        return {
            "title": credential.title,
            "description": credential.description,
            "criteria": criteria.narrative(course, definitions, credential.note),
            "achievement_type": credential.achievement_type,
            "skills": credential.skills,
            "valid_months": credential.valid_months,
            "rule": {"path": self.path.slug, **criteria.RULE},
            "exercises": [_frozen(work) for work in self.exercises if work.definition],
        }


def survey(user: User, credentials: Iterable[Credential]) -> list[Accomplishment]:
    """Return how far the person is to each credential, in the same number of queries for any number of them."""
    credentials = list(credentials)
    if not credentials:
        return []
    rows = Path.objects.with_steps().filter(pk__in={credential.path_id for credential in credentials})
    paths = {path.pk: path for path in rows}
    steps = [step for path in paths.values() for step in path.steps]
    results = progress.results(user)
    answered: dict[int, list[CheckpointState]] = {}
    for state in progress.checkpoints(user, [step for step in steps if step.kind == "lesson"]):
        answered.setdefault(state.step.pk, []).append(state)
    works = _works(user, [step for step in steps if step.kind == "exercise"])
    return [_of_path(credential, paths[credential.path_id], results, answered, works) for credential in credentials]


def _of_path(
    credential: Credential,
    path: Path,
    results: progress.Results,
    answered: Mapping[int, list[CheckpointState]],
    works: Mapping[int, Work],
) -> Accomplishment:
    lessons = [step for step in path.steps if step.kind == "lesson"]
    return Accomplishment(
        credential=credential,
        path=path,
        lessons=tuple(StepState(step, results.get(step.key)) for step in lessons),
        checkpoints=tuple(state for step in lessons for state in answered.get(step.pk, ())),
        exercises=tuple(works[step.pk] for step in path.steps if step.kind == "exercise"),
        has_other_steps=any(step.kind not in ("lesson", "exercise") for step in path.steps),
    )


def _works(user: User, steps: Sequence[Step]) -> dict[int, Work]:
    graded = _graded(user, [step.slug for step in steps])
    definitions = parse_versions(row.version_id for rows in graded.values() for row in rows)
    return {step.pk: _work(step, graded.get(step.slug, []), definitions) for step in steps}


def _graded(user: User, slugs: Sequence[str]) -> dict[str, list[Submission]]:
    """Return by exercise the passed submissions, those of the current version first, then by points; else the best one."""
    ranked: dict[str, list[tuple[bool, Any]]] = {}
    rows = Submission.objects.of(user).filter(exercise__slug__in=slugs).best_first()
    for slug, id_, passed, version, current in rows.values_list(
        "exercise__slug", "id", "passed", "version", "exercise__version"
    ):
        known = ranked.setdefault(slug, [])
        if passed or not known:
            known.append((version != current, id_))
    chosen = {
        slug: [id_ for _, id_ in sorted(known, key=lambda row: row[0])][:MOST_TRIED] for slug, known in ranked.items()
    }
    loaded = {row.pk: row for row in _load([id_ for ids in chosen.values() for id_ in ids])}
    return {slug: [loaded[id_] for id_ in ids if id_ in loaded] for slug, ids in chosen.items()}


def _load(ids: Sequence[Any]) -> Iterable[Submission]:
    """Return submissions with what their reports say of checks; outputs and sources wait until somebody asks."""
    rows = Submission.objects.filter(id__in=ids).select_related("version")
    return rows.annotate(report_checks=F("report__checks"), report_rule=F("report__pass_rule")).defer(
        "report", "sources", "repairs", "version__definition"
    )


def _work(step: Step, rows: Sequence[Submission], definitions: Mapping[int, Definition]) -> Work:
    """Return the first submission that proves a pass; where there is none, what the best one lacks."""
    doubtful: Work | None = None
    for row in rows:
        if not row.passed:
            continue
        definition = definitions.get(row.version_id)
        lacks = _unproved(definition, _checks(row))
        if not lacks:
            return Work(step=step, submission=row, definition=definition)
        doubtful = doubtful or Work(step=step, submission=row, lacks=lacks, is_unproved=True)
    if doubtful:
        return doubtful
    best = rows[0] if rows else None
    return Work(step=step, submission=best, lacks=_lacks(best) if best else (_("It has no graded submission yet."),))


def _unproved(definition: Definition | None, checks: evidence.Checks) -> tuple[str, ...]:
    if definition is None or not evidence.is_pass(definition, checks):
        return (_("It counts as passed, but its report does not show it. Submit it again."),)
    words = _("It is passed, but its report has no measurement of %(metric)s %(bound)s. Submit it again.")
    return tuple(
        words % {"metric": criteria.phrase(item), "bound": criteria.bound(item.value, item.better)}
        for item in evidence.unproved(definition, checks)
    )


def _lacks(best: Submission) -> tuple[str, ...]:
    points = best.points or 0
    missing = () if best.passed else pass_messages.lacks(_rule(best), points, _checks(best))
    sentence = _("It is not passed yet: %(points)s of %(max_points)s points.")
    return tuple(lack.text for lack in missing) or (sentence % {"points": points, "max_points": best.max_points},)


def _checks(row: Submission) -> evidence.Checks:
    """Return what a report says of checks; of one that cannot be read nothing, so that it proves nothing."""
    try:
        return read_checks(row.report_checks or ())  # type: ignore[attr-defined]  # annotated by _load
    except MalformedReport as error:
        log.error("malformed_report", submission=str(row.pk), error=str(error))
        return ()


def _rule(row: Submission) -> Rule | None:
    try:
        return read_rule(row.report_rule)  # type: ignore[attr-defined]  # annotated by _load
    except MalformedReport:
        return None


def _frozen(work: Work) -> dict[str, Any]:
    """Return what an exercise asked in the version that was passed."""
    definition, submission = work.definition, work.submission
    assert definition is not None
    assert submission is not None
    return {
        "exercise": definition.id,
        "title": definition.title,
        "version": submission.version.digest,
        "pass_percent": definition.pass_percent,
        "pass_hidden_percent": definition.pass_hidden_percent,
        "required": [check.id for check in definition.checks if check.required],
        "thresholds": [
            {
                "check": item.check,
                "metric": item.metric,
                "words": criteria.phrase(item),
                "value": item.value,
                "better": item.better,
            }
            for item in criteria.claims(definition)
        ],
    }
