"""A person's submissions: all of an exercise, one and what came of it, two beside each other."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from exercises import selectors, services
from exercises.grading.reports import empty_report
from exercises.models import Exercise, State, Submission
from exercises.pages import pass_messages
from exercises.pages.comparison import compare_sources
from exercises.pages.verdict_messages import explain, limit_reached, limit_rows
from exercises.pages.views.rows import get_exercise, get_submission
from learnpaths.core.problems import Forbidden, Unprocessable

HISTORY_SIZE = 20


@require_safe
@login_required
def show_history(request: HttpRequest, slug: str) -> HttpResponse:
    """Show all the person's submissions of an exercise."""
    exercise, _version = get_exercise(slug)
    page = Paginator(selectors.history(request.user, exercise), HISTORY_SIZE).get_page(request.GET.get("page"))
    return render(request, "exercises/history.html", {"exercise": exercise, "page": page})


@require_safe
@login_required
def compare_submissions(request: HttpRequest, slug: str) -> HttpResponse:
    """Show two submissions of an exercise beside each other, the older one left; without a choice, where one chooses."""
    exercise, version = get_exercise(slug)
    if not request.GET.get("a") or not request.GET.get("b"):
        messages.info(request, _("Choose two of your submissions, then compare them."))
        return redirect("exercise-history", slug)
    chosen = [_chosen(request, exercise, name) for name in ("a", "b")]
    left, right = sorted(chosen, key=lambda submission: submission.created_at)
    context = {
        "exercise": exercise,
        "title": _("Two submissions compared"),
        "back": reverse("exercise-history", args=[slug]),
        "back_title": _("Your submissions"),
        "left_title": _written_at(left),
        "right_title": _written_at(right),
        "comparison": compare_sources(version.parsed, left.sources, right.sources),
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
    submission = get_submission(request, submission_id)
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
        "comparison": compare_sources(definition, submission.sources, reference),
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
    submission = get_submission(request, submission_id)
    return render(request, "exercises/submission.html", _status_context(submission))


@require_safe
@never_cache
def show_status(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Send the fragment of the submission's page that changes."""
    submission = get_submission(request, submission_id)
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
        "place": selectors.queue_place(submission) if submission.state == State.QUEUED else None,
        "queue_state": selectors.queue_state(submission.queue, submission.runtime),
        "runtime": submission.runtime,
    }


def _result_context(submission: Submission) -> dict[str, Any]:
    stored = selectors.find_report(submission)
    report = stored or empty_report(submission, submission.verdict)
    return {
        "report": report,
        "is_unreadable": stored is None,
        "explanation": explain(submission.verdict, report),
        "summary": pass_messages.summary(report) if stored else "",
        "lacks": [] if report.passed else pass_messages.lacks(report.pass_rule, report.points, report.checks),
        "limit": limit_reached(submission.verdict, report),
        "limits": limit_rows(report.limits),
        "errors": [cell for cell in report.cells if cell.error],
        "outputs": [cell for cell in report.cells if cell.output],
        "next_step": selectors.next_step(submission.user, submission.exercise.slug),
    }


@require_POST
def cancel(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Stop a submission that waits or runs."""
    submission = get_submission(request, submission_id)
    if not selectors.can_cancel(request.user, submission):
        raise Forbidden(_("You may look at this submission, but not stop it."))
    if not services.cancel_submission(submission=submission):
        messages.warning(request, _("This submission had already finished."))
    return redirect(submission)


@require_POST
def restore(request: HttpRequest, submission_id: UUID) -> HttpResponse:
    """Put the cells of a submission into its reader's own draft."""
    submission = get_submission(request, submission_id)
    services.replace_draft(user=request.user, exercise=submission.exercise, sources=submission.sources)
    messages.success(request, _("The cells of that submission are in the page now."))
    return redirect(reverse("exercise", args=[submission.exercise.slug]))
