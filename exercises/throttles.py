"""Rate limits per person, with one count for pages and API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.throttling import UserRateThrottle

from learnpaths.core import rates
from learnpaths.core.problems import TooMany


class CountedThrottle(UserRateThrottle):
    """Counts in one step in Redis: REST framework reads, adds and writes, so that of ten at once most pass."""

    seconds_to_wait = 0

    def allow_request(self, request: Any, view: Any) -> bool:
        limit, seconds = self.parse_rate(self.rate)
        who = self.get_cache_key(request, view)
        if limit is None or seconds is None or who is None:
            return True
        self.seconds_to_wait = rates.count(f"throttle-{self.scope}", who, limit=limit, seconds=seconds)
        return self.seconds_to_wait == 0

    def wait(self) -> float | None:
        return float(self.seconds_to_wait)


class SubmitThrottle(CountedThrottle):
    """Counts POSTs only: reading one's submissions is free."""

    scope = "submit"

    def allow_request(self, request: Any, view: Any) -> bool:
        return request.method != "POST" or super().allow_request(request, view)


class KernelRunThrottle(CountedThrottle):
    scope = "kernel_runs"


class KernelAskThrottle(CountedThrottle):
    scope = "kernel_asks"


_THROTTLES: dict[str, type[CountedThrottle]] = {
    throttle.scope: throttle for throttle in (SubmitThrottle, KernelRunThrottle, KernelAskThrottle)
}


def check_submit_rate(request: HttpRequest) -> None:
    """Raise TooMany where the person submitted too often in the last minute."""
    detail = _("You submitted very often just now. Your cells are kept; try again in %(seconds)s seconds.")
    check_rate(request, "submit", detail)


def check_rate(request: HttpRequest, scope: str, detail: str) -> None:
    """Raise TooMany with `detail` where the person did this too often in the last minute."""
    throttle = _THROTTLES[scope]()
    if not throttle.allow_request(request, None):
        seconds = int(throttle.wait() or 1)
        raise TooMany(detail % {"seconds": seconds}, headers={"Retry-After": str(seconds)})
