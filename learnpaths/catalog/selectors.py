"""Read paths, lessons and what is found by a search."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count

from django.contrib.staticfiles import finders
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When, prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from learnpaths.catalog.models import Lesson, Path, Step

_CHECKPOINT = re.compile(r'<div data-checkpoint="([a-z0-9-]+)"></div>')
_CELL = re.compile(r'(<pre[^>]* data-python="run"[^>]*>.*?</pre>)', re.DOTALL)
_FIGURE = re.compile(r'data-figure="([a-z0-9-]+)"')
SEARCH_LIMIT = 50


@dataclass(frozen=True)
class Block:
    """A piece of a lesson's body: safe HTML, which may be the code of the lesson's cell of that number, or the place of a checkpoint."""

    html: SafeString
    checkpoint: str = ""
    cell: int = 0


_kept: dict[int, Path] = {}  # by id, as read last, with steps and lessons; shared by requests, never changed


def _with_steps(paths: Sequence[Path]) -> list[Path]:
    """Return the paths with their steps, from memory those whose digest in the database is still the one that was read.

    A load writes digest and steps in one transaction, and the digest is read first: what is kept is never older than its
    digest says, in however many processes.
    """
    changed = [path for path in paths if path.pk not in _kept or stamp(path) != stamp(_kept[path.pk])]
    prefetch_related_objects(changed, "units__steps")
    _kept.update((path.pk, path) for path in changed if path.digest)
    fresh = {path.pk: path for path in changed}
    return [fresh.get(path.pk) or _kept[path.pk] for path in paths]


def stamp(path: Path) -> tuple[str, str, bool]:
    """Return what changes whenever anything that is read from the path's files does."""
    return path.slug, path.digest, path.is_listed


def forget() -> None:
    """Keep no path any longer: for tests, which change rows behind the digest."""
    _kept.clear()


def get_path(slug: str) -> Path:
    """Return a path with its steps, retired ones too, so that old links work. Raises Http404."""
    return _with_steps([get_object_or_404(Path, slug=slug)])[0]


def listed_paths() -> list[Path]:
    """Return all listed paths with their steps."""
    return _with_steps(list(Path.objects.listed()))


def get_lesson(path: Path, slug: str) -> tuple[Step, Lesson]:
    """Return a lesson of the path with its checkpoints. Raises Http404."""
    step = next((step for step in path.steps if step.key == ("lesson", slug)), None)
    if step is None:
        raise Http404(slug)
    if not Step.lesson.is_cached(step):
        lesson = get_object_or_404(Lesson.objects.prefetch_related("checkpoints"), step=step)
        lesson.step = step  # which also makes it the step's, so it is kept with the path
    return step, step.lesson


def neighbours(path: Path, step: Step) -> tuple[Step | None, Step | None]:
    """Return the steps before and after a step of the path."""
    steps: Sequence[Step | None] = [None, *path.steps, None]
    here = next(index for index, other in enumerate(steps) if other and other.key == step.key)
    return steps[here - 1], steps[here + 1]


def step_on_path(kind: str, slug: str) -> Step | None:
    """Return the step with that id on the first listed path that has it."""
    steps = Step.objects.filter(kind=kind, slug=slug, unit__path__is_listed=True)
    return steps.select_related("unit__path").order_by("unit__path__position").first()


def blocks(lesson: Lesson) -> list[Block]:
    """Split the body at its checkpoints and cells, and tell each figure where its module is."""
    parts = _CHECKPOINT.split(_FIGURE.sub(_with_module, lesson.body_html))
    found = []
    numbers = count(1)
    for index, part in enumerate(parts):
        if index % 2:
            found.append(Block(mark_safe(""), part))
        else:
            found += _prose_and_cells(part, numbers)
    return found


def _prose_and_cells(html: str, numbers: Iterator[int]) -> Iterator[Block]:
    for index, part in enumerate(_CELL.split(html)):
        if part.strip():
            # sanitised by catalog.markdown when it was loaded
            yield Block(mark_safe(part), cell=next(numbers) if index % 2 else 0)  # noqa: S308


def has_cells(lesson: Lesson) -> bool:
    """Tell whether there is code in the lesson that a learner can run in the page."""
    return _CELL.search(lesson.body_html) is not None


def _with_module(match: re.Match[str]) -> str:
    return f'{match[0]} data-module="{static(f"figures/{match[1]}.js")}"'


def figure_styles(lesson: Lesson) -> list[str]:
    """Return the addresses of the style sheets that the lesson's figures need; none without figures."""
    figures = dict.fromkeys(_FIGURE.findall(lesson.body_html))
    sheets = [f"figures/{figure}.css" for figure in figures if _has_styles(figure)]
    return [static(sheet) for sheet in ("figures/figures.css", *sheets)] if figures else []


@cache
def _has_styles(figure: str) -> bool:
    return finders.find(f"figures/{figure}.css") is not None


def search(query: str) -> QuerySet[Step]:
    """Return the steps of listed paths that have every word of the query, those with a word in the title first."""
    steps = Step.objects.filter(unit__path__is_listed=True).select_related("unit__path")
    words = query.split()[:8]
    in_title = Q()
    for word in words:
        in_title |= Q(title__icontains=word)
        steps = steps.filter(Q(title__icontains=word) | Q(summary__icontains=word) | Q(lesson__text__icontains=word))
    if not words:
        return steps.none()
    rank = Case(When(in_title, then=Value(0)), default=Value(1), output_field=IntegerField())
    return steps.annotate(rank=rank).order_by("rank", "unit__path__position", "unit__position", "position")[
        :SEARCH_LIMIT
    ]
