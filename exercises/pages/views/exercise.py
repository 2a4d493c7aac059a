"""The list of exercises, and an exercise with its notebook: show, submit, download, upload."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from exercises import selectors, services
from exercises.assignment.notebook_files import (
    CellProblem,
    Intake,
    InvalidNotebook,
    clean_sources,
    learner_notebook,
    read_submission,
)
from exercises.models import Exercise, ExerciseVersion
from exercises.pages.forms import ScratchForm, UploadForm, posted_sources
from exercises.pages.page_model import page_model_of
from exercises.pages.script_messages import NOTEBOOK
from exercises.pages.views.rows import get_exercise
from exercises.throttles import check_submit_rate
from learnpaths.core import visitors
from learnpaths.progress import services as progress

RECENT = 5
NICE = {"indent": 1, "ensure_ascii": False}


@require_safe
def list_exercises(request: HttpRequest) -> HttpResponse:
    """Show the listed exercises with the person's best results."""
    exercises = list(Exercise.objects.listed())
    best = selectors.best_points(request.user)
    for exercise in exercises:
        exercise.best = best.get(exercise.pk)  # type: ignore[attr-defined]
    return render(request, "exercises/list.html", {"exercises": exercises})


@require_safe
def show_exercise(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the notebook with the person's draft, or the starters."""
    exercise, version = get_exercise(slug)
    if request.user.is_authenticated:
        progress.visit_step(user=request.user, kind="exercise", slug=slug)
    stamp = (version.digest, _queue_state(exercise, version))
    return visitors.render(
        request, "exercises/exercise.html", lambda: _exercise_context(request, exercise, version), stamp=stamp
    )


def _queue_state(exercise: Exercise, version: ExerciseVersion) -> str:
    return selectors.queue_state(exercise.queue, version.parsed.runtime)


def _exercise_context(request: HttpRequest, exercise: Exercise, version: ExerciseVersion) -> dict[str, Any]:
    page_model = page_model_of(version)
    draft = selectors.find_draft(request.user, exercise)
    texts = {**page_model.starters, **(draft.sources if draft else {})}
    return {
        "exercise": exercise,
        "page_model": page_model,
        "cells": [(cell, texts.get(cell.id, "")) for cell in page_model.cells],
        "draft": draft,
        "queue_state": _queue_state(exercise, version),
        "runtime": version.parsed.runtime,
        "recent": selectors.history(request.user, exercise)[:RECENT],
        "best": selectors.best_submission(request.user, slug=exercise.slug) if request.user.is_authenticated else None,
        "upload_form": UploadForm(),
        "words": NOTEBOOK,
    }


@require_POST
def submit(request: HttpRequest, slug: str) -> HttpResponse:
    """Submit the cells of the page; they are kept as the draft first, whatever happens then."""
    exercise, version = get_exercise(slug)
    sources = posted_sources(request.POST, version.parsed)
    if not request.user.is_authenticated:
        # No redirect: it would lose what was written in a page that was open longer than the session.
        problem = CellProblem(message=_("You are not signed in. Sign in in another tab, then submit this page again."))
        return _refused(request, exercise, version, InvalidNotebook([problem]), sources, status=403)
    try:
        cleaned = clean_sources(version.parsed, sources)
        scratch = _posted_scratch(request)
        services.replace_draft(user=request.user, exercise=exercise, sources=cleaned, scratch=scratch)
        check_submit_rate(request)
        submission = services.submit(user=request.user, exercise=exercise, sources=cleaned)
    except InvalidNotebook as error:
        return _refused(request, exercise, version, error, sources)
    return redirect(submission)


def _posted_scratch(request: HttpRequest) -> list[Any] | None:
    form = ScratchForm(request.POST)
    if not form.is_valid():
        raise InvalidNotebook([CellProblem(message=str(form.errors["scratch"][0]))])
    scratch: list[Any] | None = form.cleaned_data["scratch"]
    return scratch


def _refused(
    request: HttpRequest,
    exercise: Exercise,
    version: ExerciseVersion,
    error: InvalidNotebook,
    sources: dict[str, str] | None = None,
    *,
    status: int = 422,
) -> HttpResponse:
    """Show the exercise again with what is wrong and, where cells were sent, those cells."""
    context = _exercise_context(request, exercise, version)
    context["problems"] = error.problems
    if sources:
        context["cells"] = [(cell, sources.get(cell.id, text)) for cell, text in context["cells"]]
    return render(request, "exercises/exercise.html", context, status=status)


@require_safe
def download(request: HttpRequest, slug: str) -> HttpResponse:
    """Send the learner's copy with the person's draft in it."""
    exercise, version = get_exercise(slug)
    draft = selectors.find_draft(request.user, exercise)
    response = JsonResponse(learner_notebook(version.parsed, draft.sources if draft else None), json_dumps_params=NICE)
    response["Content-Type"] = "application/x-ipynb+json"
    response["Content-Disposition"] = f'attachment; filename="{slug}.ipynb"'
    return response


@require_POST
@login_required
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the cells of a notebook file into the draft and say what was put right."""
    exercise, version = get_exercise(slug)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {**_exercise_context(request, exercise, version), "upload_form": form}
        return render(request, "exercises/exercise.html", context, status=422)
    try:
        intake = read_submission(form.cleaned_data["notebook"], version.parsed)
    except InvalidNotebook as error:
        return _refused(request, exercise, version, error)
    services.replace_draft(user=request.user, exercise=exercise, sources=intake.sources)
    _report_repairs(request, intake)
    return redirect(exercise)


def _report_repairs(request: HttpRequest, intake: Intake) -> None:
    messages.success(request, _("Your notebook is in the page now. Look it over and submit it."))
    for repair in intake.repairs:
        messages.warning(request, repair)
