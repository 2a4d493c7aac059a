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
from learnpaths.progress import answers, selectors, services


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What this site is; for a learner, where they left off."""
    context = _shelf(request)
    template = "progress/home.html" if request.user.is_authenticated else "progress/welcome.html"
    return render(request, template, context)


@require_safe
def paths(request: HttpRequest) -> HttpResponse:
    return render(request, "progress/paths.html", _shelf(request))


def _shelf(request: HttpRequest) -> dict[str, Any]:
    """All listed paths with the person's progress, and the step to resume at."""
    paths = list(Path.objects.listed().with_steps())
    results = selectors.results(request.user)
    enrolments = selectors.enrolments(request.user)
    return {
        "shelf": [(path, selectors.progress_in(path, results)) for path in paths],
        "resume": selectors.resume_step(enrolments, paths, results),
        "is_enrolled": bool(enrolments),
    }


@require_safe
def path(request: HttpRequest, path: str) -> HttpResponse:
    """Units and steps of a path with their state."""
    row = catalog.get_path(path)
    results = selectors.results(request.user)
    context = {
        "path": row,
        "outline": selectors.outline(row, results),
        "progress": selectors.progress_in(row, results),
    }
    return render(request, "progress/path.html", context)


@require_safe
def lesson(request: HttpRequest, path: str, lesson: str) -> HttpResponse:
    """A lesson; for a learner this is now the place to resume at."""
    row = catalog.get_path(path)
    step, text = catalog.get_lesson(row, lesson)
    if isinstance(request.user, User):
        services.visit_step(user=request.user, kind=step.kind, slug=step.slug)
    return _lesson_page(request, row, step, text, answers.of_lesson(request, text))


def _lesson_page(
    request: HttpRequest,
    path: Path,
    step: Step,
    lesson: Lesson,
    answered: dict[str, answers.Answered],
    status: int = 200,
) -> HttpResponse:
    previous, following = catalog.neighbours(path, step)
    blocks = [(block, answered.get(block.checkpoint)) for block in catalog.blocks(lesson)]
    results = selectors.results(request.user)
    context = {
        "path": path,
        "step": step,
        "lesson": lesson,
        "blocks": blocks,
        "figure_styles": catalog.figure_styles(lesson),
        "has_cells": catalog.has_cells(lesson),
        "previous": previous,
        "following": following,
        "progress": selectors.progress_in(path, results),
        "state": selectors.StepState(step, results.get(step.key)),
    }
    return render(request, "progress/lesson.html", context, status=status)


@require_POST
def answer_checkpoint(request: HttpRequest, path: str, lesson: str, checkpoint: str) -> HttpResponse:
    """Judge an answer: the fragment for htmx, the page at the checkpoint without script."""
    row = catalog.get_path(path)
    step, text = catalog.get_lesson(row, lesson)
    question = get_object_or_404(text.checkpoints, slug=checkpoint)
    question.lesson = text
    given = request.POST.get("answer", "")
    try:
        answered = answers.give(request, question, given)
    except NotAnAnswer:
        answered = answers.Answered(question, given[:60], error=_why_not(question.kind))
    if request.headers.get("HX-Request"):
        context = {"path": row, "step": step, "answered": answered, "is_fragment": True}
        return render(request, "progress/_checkpoint.html", context, status=422 if answered.error else 200)
    if answered.error:
        known = answers.of_lesson(request, text) | {checkpoint: answered}
        return _lesson_page(request, row, step, text, known, status=422)
    return redirect(f"{step.get_absolute_url()}#checkpoint-{checkpoint}")


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
