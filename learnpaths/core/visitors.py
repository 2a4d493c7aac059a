"""Pages that look the same to everybody who is not signed in, rendered once per process and stamp.

A page is kept of, and served to, only a request that carries nothing of a person: no cookie besides the theme and the CSRF
token, and no query. What is each visitor's own even so, the token and the nonce of the policy, is put in at every answer.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render as render_page
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from learnpaths.core.caches import ProcessCache
from learnpaths.core.context_processors import THEME_COOKIE, site

_TOKEN, _NONCE = "\ue000token\ue000", "\ue000nonce\ue000"  # of the private use area: no page has these signs
_pages: ProcessCache[tuple[object, ...], str] = ProcessCache(512)  # a lesson has about 25 kB


def render(
    request: HttpRequest, template: str, context: Callable[[], dict[str, Any]], *, stamp: object
) -> HttpResponse:
    """Render a page; for a visitor, take the kept one. `stamp` names all that the context is made of, and is hashable."""
    if not _is_visitor(request):
        return render_page(request, template, context())
    key = (template, request.path, get_language(), site(request)["theme"], stamp)
    page = _pages.get_or_make(key, lambda: _render_for_all(request, template, context()))
    if _TOKEN in page:
        page = page.replace(_TOKEN, get_token(request))
    if _NONCE in page:
        page = page.replace(_NONCE, _nonce(request))
    response = HttpResponse(page)
    patch_vary_headers(response, ("Cookie",))  # somebody else's page at this address is another
    return response


def _render_for_all(request: HttpRequest, template: str, context: dict[str, Any]) -> str:
    response = render_page(request, template, {**context, "csrf_token": _TOKEN})
    return response.content.decode().replace(_nonce(request), _NONCE)


def forget() -> None:
    """Keep no page any longer: for tests, which change rows behind the stamp."""
    _pages.clear()


def _is_visitor(request: HttpRequest) -> bool:
    impersonal = {THEME_COOKIE, settings.CSRF_COOKIE_NAME}
    return (
        request.method in ("GET", "HEAD") and not request.META["QUERY_STRING"] and request.COOKIES.keys() <= impersonal
    )


def _nonce(request: HttpRequest) -> str:
    return str(request.csp_nonce)  # type: ignore[attr-defined]  # set by csp's middleware
