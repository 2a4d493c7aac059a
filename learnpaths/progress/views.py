"""The pages of a course, as one person sees them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from learnpaths.accounts.models import User
from learnpaths.catalog import selectors as catalog
from learnpaths.catalog.checkpoints import NotAnAnswer
from learnpaths.catalog.models import Lesson, Path, Step
from learnpaths.core import visitors
from learnpaths.progress import kept_answers, selectors, services
from learnpaths.progress.goals import Goal, goals_of

LESSON = "progress/lesson.html"


@require_safe
def show_home(request: HttpRequest) -> HttpResponse:
    """What this site is; for a learner, where they left off."""
    template = "progress/home.html" if request.user.is_authenticated else "progress/welcome.html"
    return _shelf_page(request, template)


@require_safe
def list_paths(request: HttpRequest) -> HttpResponse:
    return _shelf_page(request, "progress/paths.html")


def _shelf_page(request: HttpRequest, template: str) -> HttpResponse:
    paths = catalog.listed_paths()
    goals = goals_of(paths)
    stamp = (*map(catalog.stamp, paths), *goals.values())
    return visitors.render(request, template, lambda: _shelf(request, paths, goals), stamp=stamp)


def _shelf(request: HttpRequest, paths: list[Path], goals: dict[int, tuple[Goal, ...]]) -> dict[str, Any]:
    """All listed paths with the person's progress, and the step to resume at."""
    results = selectors.results(request.user)
    enrolments = selectors.enrolments(request.user)
    return {
        "shelf": [
            (path, selectors.progress_in(path, results), selectors.count_steps([path]), goals[path.pk])
            for path in paths
        ],
        "totals": selectors.count_steps(paths),
        "resume": selectors.resume_step(enrolments, paths, results),
        "is_enrolled": bool(enrolments),
    }


@require_safe
def show_path(request: HttpRequest, path: str) -> HttpResponse:
    """Units and steps of a path with their state."""
    row = catalog.get_path(path)
    return visitors.render(request, "progress/path.html", lambda: _outline(request, row), stamp=catalog.stamp(row))


def _outline(request: HttpRequest, path: Path) -> dict[str, Any]:
    results = selectors.results(request.user)
    return {
        "path": path,
        "outline": selectors.outline(path, results),
        "progress": selectors.progress_in(path, results),
    }


@require_safe
def show_lesson(request: HttpRequest, path: str, lesson: str) -> HttpResponse:
    """A lesson; for a learner this is now the place to resume at."""
    row = catalog.get_path(path)
    step, text = catalog.get_lesson(row, lesson)
    if isinstance(request.user, User):
        services.visit_step(user=request.user, kind=step.kind, slug=step.slug)

    def context() -> dict[str, Any]:
        return _lesson_context(request, row, step, text, kept_answers.of_lesson(request, text))

    return visitors.render(request, LESSON, context, stamp=catalog.stamp(row))


def _lesson_context(
    request: HttpRequest, path: Path, step: Step, lesson: Lesson, answered: dict[str, kept_answers.Answered]
) -> dict[str, Any]:
    previous, following = catalog.neighbours(path, step)
    blocks = [(block, answered.get(block.checkpoint)) for block in catalog.blocks(lesson)]
    results = selectors.results(request.user)
    return {
        "path": path,
        "step": step,
        "lesson": lesson,
        "blocks": blocks,
        "has_checkpoints": bool(answered),
        "figure_styles": catalog.figure_styles(lesson),
        "has_cells": catalog.has_cells(lesson),
        "previous": previous,
        "following": following,
        "progress": selectors.progress_in(path, results),
        "state": selectors.StepState(step, results.get(step.key)),
    }


@require_POST
def answer_checkpoint(request: HttpRequest, path: str, lesson: str, checkpoint: str) -> HttpResponse:
    """Judge an answer: the fragment for js/checkpoints.js, the page at the checkpoint without script."""
    row = catalog.get_path(path)
    step, text = catalog.get_lesson(row, lesson)
    question = get_object_or_404(text.checkpoints, slug=checkpoint)
    question.lesson = text
    given = request.POST.get("answer", "")
    try:
        answered = kept_answers.submit(request, question, given)
    except NotAnAnswer:
        answered = kept_answers.Answered(question, given[:60], error=_why_not(question.kind))
    if request.headers.get("HX-Request"):
        context = {"path": row, "step": step, "answered": answered, "is_fragment": True}
        fragment = render(request, "progress/_checkpoint.html", context, status=422 if answered.error else 200)
        kept_answers.set_cookie(request, fragment, answered)
        return fragment
    if answered.error:
        known = kept_answers.of_lesson(request, text) | {checkpoint: answered}
        return render(request, LESSON, _lesson_context(request, row, step, text, known), status=422)
    back = redirect(f"{step.get_absolute_url()}#checkpoint-{checkpoint}")
    kept_answers.set_cookie(request, back, answered)
    return back


def _why_not(kind: str) -> str:
    if kind == "choice":
        return _("Choose one of the answers first.")
    return _("Type one number, such as 0.8 or -3.")


@require_POST
@login_required
def complete_lesson(request: HttpRequest, path: str, lesson: str) -> HttpResponse:
    """Keep that the lesson is done and go on to the next step."""
    row = catalog.get_path(path)
    step, _text = catalog.get_lesson(row, lesson)
    services.record_step(user=_person(request), kind=step.kind, slug=step.slug, completed=True)
    following = catalog.neighbours(row, step)[1]
    if following is None:
        messages.success(request, _("That was the last step of this path."))
    return redirect(following or row)


def _person(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # login_required stands before
    return request.user
