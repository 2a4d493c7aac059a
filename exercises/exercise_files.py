"""The content folder `exercises`: files → definitions (no database) → rows."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.urls import reverse

from exercises import selectors, services
from exercises.assignment.definition import Definition
from exercises.assignment.reader import read_exercises
from exercises.assignment.statement import statement_links
from learnpaths.catalog.models import Step
from learnpaths.catalog.registry import (
    ContentKind,
    Counts,
    Link,
    Reading,
    StepKind,
    register_content,
    register_step_kind,
)
from learnpaths.catalog.tables import Problem

FOLDER = "exercises"
SAVED_BEFORE_PATHS = 10


def register(label: Any) -> None:
    """Make exercises a kind of step and a kind of content."""
    register_step_kind(StepKind(name="exercise", label=label, url=url, folder=FOLDER))
    register_content(
        ContentKind(
            folder=FOLDER, read=read, save=save, order=SAVED_BEFORE_PATHS, notes=notes, listed=selectors.listed_slugs
        )
    )


def url(step: Step) -> str:
    return reverse("exercise", args=[step.slug])


def read(folder: Path) -> Reading:
    """Return the exercises of a content root's folder; data sets lie beside it."""
    definitions, problems = read_exercises(folder, folder.parent / "data")
    links = [link for definition in definitions.values() for link in _links(definition, folder)]
    return Reading(dict(definitions), [_within(folder.parent, problem) for problem in problems], links)


def _links(definition: Definition, folder: Path) -> list[Link]:
    file = next((folder / definition.id).glob("notebook.*"))
    lines = file.read_text(encoding="utf-8").splitlines()
    texts = (cell.source for cell in definition.cells if cell.role == "text")
    return [
        Link(
            href, str(file.relative_to(folder.parent)), next((n for n, line in enumerate(lines, 1) if href in line), 1)
        )
        for text in texts
        for href in statement_links(text)
    ]


def _within(root: Path, problem: Problem) -> Problem:
    """Return a problem with its file as the loader names files: relative to the content root."""
    return replace(problem, file=Path(problem.file).relative_to(root).as_posix())


def save(items: Mapping[str, Definition], keep: Collection[str] = ()) -> Counts:
    """Store definitions and retire the exercises that are neither among them nor to be kept."""
    results = [services.save_exercise(definition=definition) for definition in items.values()]
    return Counts(
        created=results.count("created"),
        updated=results.count("updated"),
        unchanged=results.count("unchanged"),
        retired=services.retire_exercises(except_for={*items, *keep}),
    )


def notes() -> Iterable[str]:
    """Yield a sentence for each queue and runtime that exercises need and no live worker serves."""
    for (queue, runtime), slugs in selectors.unserved_exercises().items():
        yield (
            f"No live worker of the queue {queue} has the runtime {runtime}. Submissions to {', '.join(slugs)} wait "
            f"until one is started: manage.py worker --queue {queue}"
        )
