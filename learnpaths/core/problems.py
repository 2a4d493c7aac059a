"""Errors that people and programs can act on: RFC 9457 problem documents.

    HttpProblem             400
    ├── NotSignedIn         401
    ├── Forbidden           403
    ├── NotFound            404
    ├── Conflict            409
    ├── TooLarge            413
    ├── UnsupportedMedia    415
    ├── Unprocessable       422   the request is well-formed, its content is refused
    ├── TooMany             429
    └── Unavailable         503   a fault of ours; nothing of the request was kept

Raise one anywhere below a view. The API answers `application/problem+json`; a page answers HTML, or JSON if asked for.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

CONTENT_TYPE = "application/problem+json"


class HttpProblem(Exception):
    """A refusal with a status, a short title, and a detail that says what is wrong and what to do.

    `errors` lists parts of the input, such as {"cell": "model", "message": "…"}; other keywords become members as
    they are.
    """

    status = 400
    title: Any = _("The request cannot be understood")
    headers: Mapping[str, str] = {}

    def __init__(
        self,
        detail: Any = "",
        *,
        errors: Iterable[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(str(detail))
        self.detail = detail
        self.errors = [dict(error) for error in errors]
        self.headers = headers or self.headers
        self.members = members

    def document(self) -> dict[str, Any]:
        """Return the problem as JSON-ready members of RFC 9457."""
        document: dict[str, Any] = {"type": "about:blank", "title": str(self.title), "status": self.status}
        if self.detail:
            document["detail"] = str(self.detail)
        if self.errors:
            document["errors"] = self.errors
        return document | self.members


class NotSignedIn(HttpProblem):
    status, title = 401, _("Sign in first")
    headers = {"WWW-Authenticate": "Token"}


class Forbidden(HttpProblem):
    status, title = 403, _("You may not do this")


class NotFound(HttpProblem):
    status, title = 404, _("There is nothing here")


class Conflict(HttpProblem):
    status, title = 409, _("This does not fit the present state")


class TooLarge(HttpProblem):
    status, title = 413, _("This is too large")


class UnsupportedMedia(HttpProblem):
    status, title = 415, _("This kind of content is not accepted")


class Unprocessable(HttpProblem):
    status, title = 422, _("The content is refused")


class TooMany(HttpProblem):
    status, title = 429, _("Too many requests")


class Unavailable(HttpProblem):
    status, title = 503, _("This is not available now")


_KIND_LIST: list[type[HttpProblem]] = [HttpProblem, *HttpProblem.__subclasses__()]
_KINDS = {kind.status: kind for kind in _KIND_LIST}


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer every refusal of the API as a problem document (REST framework's EXCEPTION_HANDLER)."""
    problem = from_exception(error)
    if problem is None:
        return None  # a fault of ours: the server's error handling logs it and answers 500
    set_rollback()
    return Response(problem.document(), problem.status, headers=dict(problem.headers), content_type=CONTENT_TYPE)


def respond(request: HttpRequest, problem: HttpProblem) -> HttpResponse:
    """Answer a problem from a plain view: HTML for people, JSON for programs that ask for it."""
    headers = dict(problem.headers)
    if wants_json(request):
        return JsonResponse(problem.document(), status=problem.status, content_type=CONTENT_TYPE, headers=headers)
    response = render(
        request, "core/problem.html", {"problem": problem, "sign_in_helps": (401, 403, 404)}, status=problem.status
    )
    for name, value in headers.items():
        response[name] = value
    return response


def wants_json(request: HttpRequest) -> bool:
    """True if the client likes JSON better than HTML, or calls the API."""
    if request.path.startswith("/api/"):
        return True
    return request.get_preferred_type(["text/html", "application/json", CONTENT_TYPE]) not in ("text/html", None)


def from_exception(error: Exception) -> HttpProblem | None:
    """Return the problem that an exception of ours, Django or REST framework stands for; None for a fault."""
    match error:
        case HttpProblem():
            return error
        case Http404():
            return NotFound(_("No such address, or it is not yours to see."))
        case PermissionDenied():
            return Forbidden(str(error))
        case ValidationError():
            return Unprocessable(errors=_field_errors(error))
        case exceptions.APIException():
            return _from_api(error)
    return None


def _field_errors(error: ValidationError) -> list[dict[str, str]]:
    fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [{"field": field, "message": message} for field, messages in fields.items() for message in messages]


def _from_api(error: exceptions.APIException) -> HttpProblem:
    headers = {}
    if auth := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    if isinstance(error, exceptions.ValidationError):
        return Unprocessable(errors=list(_flatten(error.detail)), headers=headers)
    if kind := _KINDS.get(error.status_code):
        return kind(error.detail, headers=headers)
    problem = HttpProblem(error.detail, headers=headers)
    problem.status, problem.title = error.status_code, HTTPStatus(error.status_code).phrase
    return problem


def _flatten(detail: Any, field: str = "") -> Iterable[dict[str, str]]:
    """Yield {"field": "a.b.0", "message": "…"} from REST framework's nested lists and dicts."""
    if isinstance(detail, Mapping):
        for name, value in detail.items():
            yield from _flatten(value, f"{field}.{name}".lstrip("."))
    elif isinstance(detail, list):
        for index, value in enumerate(detail):
            yield from _flatten(value, f"{field}.{index}" if isinstance(value, Mapping | list) else field)
    else:
        yield {"field": field, "message": str(detail)}
