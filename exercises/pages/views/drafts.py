"""What a page keeps as the learner writes: drafts, and the hints that were opened."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from exercises import selectors, services
from exercises.assignment.notebook_files import InvalidNotebook
from exercises.pages.forms import DraftForm, HintForm
from exercises.pages.views.rows import get_exercise
from learnpaths.core.problems import Conflict, NotSignedIn, Unprocessable


@require_http_methods(["PUT"])
def save_draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Keep a draft; 409 with the newer one where another tab saved since."""
    if not request.user.is_authenticated:
        raise NotSignedIn(_("Sign in to keep drafts here."))
    exercise, _version = get_exercise(slug)
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
    exercise, _version = get_exercise(slug)
    draft = selectors.find_draft(request.user, exercise)
    if draft:
        services.undo_replacement(draft=draft)
    return redirect(exercise)


@require_POST
def record_hint(request: HttpRequest, slug: str) -> HttpResponse:
    """Remember that a hint was opened; visitors' are not kept."""
    exercise, version = get_exercise(slug)
    form = HintForm(request.POST, definition=version.parsed)
    if not form.is_valid():
        raise Unprocessable(errors=_form_errors(form))
    if request.user.is_authenticated:
        services.record_hint(user=request.user, exercise=exercise, **form.cleaned_data)
    return HttpResponse(status=204)
