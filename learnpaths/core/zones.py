"""Times in the reader's own zone: the page tells the zone's name in a cookie, and everything that it is shown follows."""

import zoneinfo
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

COOKIE = "timezone"
API = "/api/"


def in_readers_zone(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Make the zone of the cookie the current one while a page is made; UTC without it. The API speaks UTC to everybody."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        name = request.COOKIES.get(COOKIE, "")
        if request.path.startswith(API) or name not in _names():
            return get_response(request)
        with timezone.override(zoneinfo.ZoneInfo(name)):
            return get_response(request)

    return middleware


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
