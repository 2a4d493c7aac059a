"""One line of log for each request, without secrets: no query string, no keys of mailed links, no e-mail."""

import time
import uuid
from collections.abc import Awaitable, Callable
from inspect import iscoroutinefunction
from typing import Any

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from django.utils.encoding import escape_uri_path
from django.utils.functional import LazyObject

from learnpaths.core.addresses import read_address

SECRET_PARTS = {"key", "uidb36", "uidb64", "token"}  # of links in mails, by their name in the URL's pattern
QUIET = ("/static/", "/healthz", "/readyz", "/metrics")  # asked for all the time; logged only when something is wrong
log = structlog.get_logger("learnpaths.request")


@sync_and_async_middleware
def request_log(get_response: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    """Log each answer with its status and time, and give everything logged meanwhile the request's id."""
    return _asynchronous(get_response) if iscoroutinefunction(get_response) else _synchronous(get_response)


def _synchronous(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = _begin()
        response = get_response(request)
        return _note(request, response, began)

    return middleware


def _asynchronous(
    get_response: Callable[[HttpRequest], Awaitable[HttpResponseBase]],
) -> Callable[[HttpRequest], Awaitable[HttpResponseBase]]:
    async def middleware(request: HttpRequest) -> HttpResponseBase:
        began = _begin()
        response = await get_response(request)
        return _note(request, response, began)

    return middleware


def _begin() -> float:
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=uuid.uuid4().hex[:12])
    return time.perf_counter()


def _note(request: HttpRequest, response: HttpResponseBase, began: float) -> HttpResponseBase:
    is_fault = response.status_code >= 500 and request.path != "/readyz"  # whose checks say themselves what is wrong
    if is_fault or not request.path.startswith(QUIET):
        write = log.error if is_fault else log.info
        write(
            "request",
            method=request.method,
            path=safe_path(request),
            status=response.status_code,
            milliseconds=round((time.perf_counter() - began) * 1000, 1),
            user=_known_user(request),
            address=read_address(request),
        )
    return response


def safe_path(request: HttpRequest) -> str:
    """Return the path, escaped, with the secret parts of its pattern replaced by "…"."""
    path = request.path
    match = request.resolver_match
    for name, value in match.kwargs.items() if match else ():
        if name in SECRET_PARTS:
            path = path.replace(str(value), "…")
    return "…".join(escape_uri_path(part) for part in path.split("…"))


def _known_user(request: HttpRequest) -> Any:
    """Return the id of the person that the view looked up, by session or token; never look them up for the log."""
    user = vars(request).get("user")  # a token's user is put here; the session's is looked up at the first use
    if user is None or isinstance(user, LazyObject):
        user = getattr(request, "_cached_user", None)
    return getattr(user, "pk", None)
