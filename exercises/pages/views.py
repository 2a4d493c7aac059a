"""Pages: an exercise, its submissions, and what came of one."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from exercises import selectors, services
from exercises.assignment.notebook_files import CellProblem, Intake, InvalidNotebook, learner_notebook, read_submission
from exercises.models import Exercise, ExerciseVersion, Submission
from exercises.pages import pass_messages
from exercises.pages.comparison import compare
from exercises.pages.forms import DraftForm, HintForm, ScratchForm, UploadForm, posted_sources
from exercises.pages.page_model import page_model_of
from exercises.pages.script_messages import NOTEBOOK
from exercises.pages.verdict_messages import explain, limit_reached, limit_rows
from exercises.throttles import check_submit_rate
from learnpaths.core import visitors
from learnpaths.core.problems import Conflict, Forbidden, NotSignedIn, Unprocessable
from learnpaths.progress import services as progress

HISTORY_SIZE = 20
RECENT = 5


def _get_exercise(slug: str) -> tuple[Exercise, ExerciseVersion]:
    """Everybody may read a listed exercise."""
    exercise = selectors.find_exercise(slug)
    if exercise is None or exercise.version is None:
        raise Http404
    return exercise, exercise.version


def _get_submission(request: HttpRequest, submission_id: UUID) -> Submission:
    """Only the owner and staff may know that a submission exists."""
    submission = selectors.find_submission(request.user, submission_id)
    if submission is None:
        raise Http404
    return submission


# --- exercises ---


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
    exercise, version = _get_exercise(slug)
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
    exercise, version = _get_exercise(slug)
    sources = posted_sources(request.POST, version.parsed)
    if not request.user.is_authenticated:
        # No redirect: it would lose what was written in a page that was open longer than the session.
        problem = CellProblem(message=_("You are not signed in. Sign in in another tab, then submit this page again."))
        return _refused(request, exercise, version, InvalidNotebook([problem]), sources, status=403)
    try:
        sources = services.clean_sources(version.parsed, sources)
        scratch = _posted_scratch(request)
        services.replace_draft(user=request.user, exercise=exercise, sources=sources, scratch=scratch)
        check_submit_rate(request)
        submission = services.submit(user=request.user, exercise=exercise, sources=sources)
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
    exercise, version = _get_exercise(slug)
    draft = selectors.find_draft(request.user, exercise)
    response = JsonResponse(learner_notebook(version.parsed, draft.sources if draft else None), json_dumps_params=NICE)
    response["Content-Type"] = "application/x-ipynb+json"
    response["Content-Disposition"] = f'attachment; filename="{slug}.ipynb"'
    return response


NICE = {"indent": 1, "ensure_ascii": False}


@require_POST
@login_required
def upload(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the cells of a notebook file into the draft and say what was put right."""
    exercise, version = _get_exercise(slug)
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        context = {**_exercise_context(request, exercise, version), "upload_form": form}
        return render(request, "exercises/exercise.html", context, status=422)
    try:
        intake = read_submission(form.cleaned_data["notebook"], version.parsed)
    except InvalidNotebook as error:
        return _refused(request, exercise, version, error)
    services.replace_draft(user=request.user, exercise=exercise, sources=intake.sources)
    _tell(request, intake)
    return redirect(exercise)


def _tell(request: HttpRequest, intake: Intake) -> None:
    messages.success(request, _("Your notebook is in the page now. Look it over and submit it."))
    for repair in intake.repairs:
        messages.warning(request, repair)


# --- drafts and hints ---


@require_http_methods(["PUT"])
def save_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a draft; 409 with the newer one where another tab saved since."""
    if not request.user.is_authenticated:
        raise NotSignedIn(_("Sign in to keep drafts here."))
    exercise, _version = _get_exercise(slug)
    form = DraftForm.from_body(request.body)
    if not form.is_valid():
        raise Unprocessable(_("A draft is {base, sources, scratch}."), errors=_form_errors(form))
    try:
        draft = services.save_draft(user=request.user, exercise=exercise, **form.cleaned_data)
    except InvalidNotebook as error:
        raise Unprocessable(_("This draft cannot be kept."), errors=error.to_json()) from error
    except services.DraftConflict as error:
        raise Conflict(_("Another tab or device saved a newer draft."), draft=_draft_json(error.draft)) from error
    return JsonResponse(_draft_json(draft))


def _draft_json(draft: Any) -> dict[str, Any]:
    return {
        "revision": draft.revision,
        "updated": draft.updated.isoformat(),
        "sources": draft.sources,
        "scratch": draft.scratch,
    }


def _form_errors(form: Any) -> list[dict[str, str]]:
    return [{"field": name, "message": str(text)} for name, texts in form.errors.items() for text in texts]


@require_POST
@login_required
def undo_replacement(request: HttpRequest, slug: str) -> HttpResponse:
    """Bring back the draft that an upload or a restore replaced."""
    exercise, _version = _get_exercise(slug)
    draft = selectors.find_draft(request.user, exercise)
    if draft:
        services.undo_replacement(draft=draft)
    return redirect(exercise)


@require_POST
def record_hint(request: HttpRequest, slug: str) -> HttpResponse:
    """Remember that a hint was opened; visitors' are not kept."""
    exercise, version = _get_exercise(slug)
    form = HintForm(request.POST, definition=version.parsed)
    if not form.is_valid():
        raise Unprocessable(errors=_form_errors(form))
    if request.user.is_authenticated:
        services.record_hint(user=request.user, exercise=exercise, **form.cleaned_data)
    return HttpResponse(status=204)


# --- submissions ---


@require_safe
@login_required
def show_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all the person's submissions of an exercise."""
    exercise, _version = _get_exercise(slug)
    page = Paginator(selectors.history(request.user, exercise), HISTORY_SIZE).get_page(request.GET.get("page"))
    return render(request, "exercises/history.html", {"exercise": exercise, "page": page})


@require_safe
@login_required
def compare_submissions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show two submissions of an exercise beside each other, the older one left."""
    exercise, version = _get_exercise(slug)
    chosen = [_chosen(request, exercise, name) for name in ("a", "b")]
    left, right = sorted(chosen, key=lambda submission: submission.created_at)
    context = {
        "exercise": exercise,
        "title": _("Two submissions compared"),
        "back": reverse("exercise-history", args=[slug]),
        "back_title": _("Your submissions"),
        "left_title": _written_at(left),
        "right_title": _written_at(right),
        "comparison": compare(version.parsed, left.sources, right.sources),
    }
    return render(request, "exercises/comparison.html", context)


def _chosen(request: HttpRequest, exercise: Exercise, name: str) -> Submission:
    """The submission that the query names, if it is of this exercise and the person may see it."""
    try:
        submission = selectors.find_submission(request.user, UUID(request.GET.get(name, "")))
    except ValueError:
        submission = None
    if submission is None or submission.exercise_id != exercise.pk:
        raise Unprocessable(_("Choose two of your submissions of this exercise, then compare them."))
    return submission


def _written_at(submission: Submission) -> str:
    when = date_format(submission.created_at, "j M Y, H:i:s")
    return f"{when} · {submission.get_verdict_display() or submission.get_state_display()}"


@require_safe
@login_required
def show_solution(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Show the reference solution beside a submission that passed, and what both cost."""
    submission = _get_submission(request, submission_id)
    if not submission.passed:
        raise Forbidden(
            _("The reference solution is shown beside a submission that passed. The hints are there before.")
        )
    definition = submission.version.parsed
    reference = definition.reference_sources()
    context = {
        "exercise": submission.exercise,
        "title": _("Your solution and the reference"),
        "note": _("There are many right answers; this is the one that the author wrote."),
        "back": submission.get_absolute_url(),
        "back_title": _("Your submission"),
        "left_title": _("Yours"),
        "right_title": _("The reference"),
        "comparison": compare(definition, submission.sources, reference),
        "cost": {
            "own": selectors.run_cost(submission),
            "reference": selectors.reference_cost(definition, settings.CONTENT_DIRS),
        },
        "lines": {"own": _count_lines(submission.sources), "reference": _count_lines(reference)},
    }
    return render(request, "exercises/comparison.html", context)


def _count_lines(sources: dict[str, str]) -> int:
    """Count the lines with code: neither empty nor only a comment."""
    lines = (line.strip() for text in sources.values() for line in text.splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))


@require_safe
@never_cache
def show_submission(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Show how far a submission is, or what came of it."""
    submission = _get_submission(request, submission_id)
    return render(request, "exercises/submission.html", _status_context(submission))


@require_safe
@never_cache
def show_status(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Send the fragment of the submission's page that changes."""
    submission = _get_submission(request, submission_id)
    return render(request, "exercises/_status.html", _status_context(submission))


def _status_context(submission: Submission) -> dict[str, Any]:
    context: dict[str, Any] = {"submission": submission, "exercise": submission.exercise}
    if submission.is_finished:
        return context | _result_context(submission)
    progress = selectors.progress(submission)
    definition = submission.version.parsed
    cells = [cell for cell in definition.public_cells if cell.role in ("setup", "solution")]
    return context | {
        "progress": progress,
        "cells": [(cell.id, progress.cells.get(cell.id)) for cell in cells],
        "checks": [(check, progress.checks.get(check.id)) for check in definition.checks],
        "place": selectors.queue_place(submission) if submission.state == "queued" else None,
        "queue_state": selectors.queue_state(submission.queue, submission.runtime),
        "runtime": submission.runtime,
    }


def _result_context(submission: Submission) -> dict[str, Any]:
    report = selectors.report(submission)
    return {
        "report": report,
        "explanation": explain(submission.verdict, report),
        "summary": pass_messages.summary(report),
        "lacks": pass_messages.lacks(report),
        "limit": limit_reached(submission.verdict, report),
        "limits": limit_rows(report["limits"]),
        "errors": [cell for cell in report["cells"] if cell.get("error")],
        "outputs": [cell for cell in report["cells"] if cell.get("output")],
        "next_step": selectors.next_step(submission.user, submission.exercise.slug),
    }


@require_POST
def cancel(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Stop a submission that waits or runs."""
    submission = _get_submission(request, submission_id)
    if not selectors.may_cancel(request.user, submission):
        raise Forbidden(_("You may look at this submission, but not stop it."))
    if not services.cancel_submission(submission=submission):
        messages.warning(request, _("This submission had already finished."))
    return redirect(submission)


@require_POST
def restore(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Put the cells of a submission into its reader's own draft."""
    submission = _get_submission(request, submission_id)
    services.replace_draft(user=request.user, exercise=submission.exercise, sources=submission.sources)
    messages.success(request, _("The cells of that submission are in the page now."))
    return redirect(reverse("exercise", args=[submission.exercise.slug]))
