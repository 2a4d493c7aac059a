"""Read paths and lessons."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from django.contrib.staticfiles import finders
from django.db.models import prefetch_related_objects
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe

from learnpaths.catalog.blocks import Block, split_body
from learnpaths.catalog.models import Lesson, Path, Step
from learnpaths.core.caches import ProcessCache

Stamp = tuple[str, str, bool]
# By id and stamp, with steps and lessons; shared by requests, never changed. More than a site lists, or each list reads all anew.
_paths: ProcessCache[tuple[int, Stamp], Path] = ProcessCache(256)


def _with_steps(paths: Sequence[Path]) -> list[Path]:
    """Return the paths with their steps, from memory those whose digest in the database is still the one that was read.

    A load writes digest and steps in one transaction, and the digest is read first: what is kept is never older than its
    digest says, in however many processes.
    """
    known = [_paths.get((path.pk, stamp(path))) for path in paths]
    changed = [path for path, kept in zip(paths, known, strict=True) if kept is None]
    prefetch_related_objects(changed, "units__steps")
    for path in changed:
        if path.digest:
            _paths.put((path.pk, stamp(path)), path)
    return [path if kept is None else kept for path, kept in zip(paths, known, strict=True)]


def stamp(path: Path) -> Stamp:
    """Return what changes whenever anything that is read from the path's files does."""
    return path.slug, path.digest, path.is_listed


def forget() -> None:
    """Keep no path any longer: for tests, which change rows behind the digest."""
    _paths.clear()


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
        rows = Lesson.objects.defer("body_html", "text")  # it is kept, and the page is made of its blocks
        lesson = get_object_or_404(rows.prefetch_related("checkpoints"), step=step)
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
    """Return the pieces of the body, safe to show, each figure with the address of its module."""
    return [replace(block, html=_with_modules(block)) for block in _stored_blocks(lesson)]


def _stored_blocks(lesson: Lesson) -> list[Block]:
    # A lesson that a version before 0003_lesson_blocks loaded has none until the next load.
    return [Block(**block) for block in lesson.blocks] or split_body(lesson.body_html)


def _with_modules(block: Block) -> SafeString:
    html = block.html
    for figure in dict.fromkeys(block.figures):
        # Put in here and not when the content is loaded: the address has the digest of the file that is deployed.
        place = f'data-figure="{figure}"'
        html = html.replace(place, f'{place} data-module="{static(f"figures/{figure}.js")}"')
    return mark_safe(html)  # noqa: S308 - sanitised by catalog.markdown when it was loaded


def has_cells(lesson: Lesson) -> bool:
    """Tell whether there is code in the lesson that a learner can run in the page."""
    return any(block.cell for block in _stored_blocks(lesson))


def figure_styles(lesson: Lesson) -> list[str]:
    """Return the addresses of the style sheets that the lesson's figures need; none without figures."""
    figures = dict.fromkeys(figure for block in _stored_blocks(lesson) for figure in block.figures)
    sheets = [f"figures/{figure}.css" for figure in figures if _has_styles(figure)]
    return [static(sheet) for sheet in ("figures/figures.css", *sheets)] if figures else []


@cache
def _has_styles(figure: str) -> bool:
    return finders.find(f"figures/{figure}.css") is not None
