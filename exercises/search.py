"""What a search finds of exercises: their tasks for everybody, and one's own submissions for oneself."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from exercises.assignment.definition import Definition
from exercises.models import Exercise, Submission, parse_versions
from learnpaths.catalog import markdown
from learnpaths.catalog.models import Step
from learnpaths.search.registry import (
    TASK,
    Entry,
    Kind,
    PersonalKind,
    PersonalResult,
    register_kind,
    register_personal_kind,
)

MAX_PERSONAL = 10


def register() -> None:
    register_kind(Kind("exercise", _("Exercises"), exercise_entries))
    register_personal_kind(PersonalKind("submission", _("Your submissions"), find_submissions))


def exercise_entries() -> Iterator[Entry]:
    """Yield each listed exercise with what a learner sees before any work: its text and what its cells begin with."""
    exercises = list(Exercise.objects.listed())
    definitions = parse_versions(exercise.version_id for exercise in exercises if exercise.version_id)
    steps = Step.objects.filter(kind="exercise", unit__path__is_listed=True).order_by("-unit__path__position")
    paths = dict(steps.values_list("slug", "unit__path__title"))
    for exercise in exercises:
        definition = definitions.get(exercise.version_id or 0)
        yield Entry(
            key=f"exercise/{exercise.slug}",
            title=exercise.title,
            url=exercise.get_absolute_url(),
            trail=paths.get(exercise.slug, ""),
            text=" ".join([exercise.summary, *(_texts(definition) if definition else ())]),
            code="\n".join(_starters(definition) if definition else ()),
            precedence=TASK,
        )


def _texts(definition: Definition) -> Iterator[str]:
    return (markdown.render_page(cell.source).text for cell in definition.cells if cell.role == "text")


def _starters(definition: Definition) -> Iterator[str]:
    """Yield the code that is no secret: never the source of a solution or an examiner's cell."""
    return (cell.starter for cell in definition.cells if cell.role in ("setup", "solution"))


def find_submissions(user: Any, words: Sequence[str]) -> list[PersonalResult]:
    """Return the exercises that the person has submitted and whose title has all words, the latest first."""
    rows = Submission.objects.of(user)
    for word in words:
        rows = rows.filter(exercise__title__icontains=word)
    groups = rows.values("exercise__slug", "exercise__title").annotate(count=Count("id"), last=Max("created_at"))
    return [
        PersonalResult(
            row["exercise__title"],
            reverse("exercise-history", args=[row["exercise__slug"]]),
            ngettext("%(count)d submission", "%(count)d submissions", row["count"]) % {"count": row["count"]},
        )
        for row in groups.order_by("-last")[:MAX_PERSONAL]
    ]
