"""The content folder `exercises`: files → definitions (no database) → rows."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.urls import reverse

from exercises import services
from exercises.assignment.definition import Definition
from exercises.assignment.reader import read_exercises
from learnpaths.catalog.models import Step
from learnpaths.catalog.registry import (
    ContentKind,
    Counts,
    Problem,
    Reading,
    StepKind,
    register_content,
    register_step_kind,
)

FOLDER = "exercises"
SAVED_BEFORE_PATHS = 10


def register(label: Any) -> None:
    """Make exercises a kind of step and a kind of content."""
    register_step_kind(StepKind(name="exercise", label=label, url=url, folder=FOLDER))
    register_content(ContentKind(folder=FOLDER, read=read, save=save, order=SAVED_BEFORE_PATHS))


def url(step: Step) -> str:
    return reverse("exercise", args=[step.slug])


def read(folder: Path) -> Reading:
    """Return the exercises of a content root's folder; data sets lie beside it."""
    definitions, problems = read_exercises(folder, folder.parent / "data")
    return Reading(items=dict(definitions), problems=[_registered(problem, folder.parent) for problem in problems])


def _registered(problem: Any, root: Path) -> Problem:
    return Problem(file=str(problem.file.relative_to(root)), line=problem.line, message=problem.message)


def save(items: Mapping[str, Definition]) -> Counts:
    """Store definitions and retire the exercises that are not among them."""
    results = [services.save_exercise(definition=definition) for definition in items.values()]
    return Counts(
        created=results.count("created"),
        updated=results.count("updated"),
        unchanged=results.count("unchanged"),
        retired=services.retire_exercises(except_for=set(items)),
    )
