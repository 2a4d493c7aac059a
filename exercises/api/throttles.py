"""How often one person may submit: the same rule for pages and API."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.throttling import UserRateThrottle

from learnpaths.core.problems import TooMany


class SubmitThrottle(UserRateThrottle):
    """Counts POSTs only: reading one's submissions is free."""

    scope = "submit"

    def allow_request(self, request: Any, view: Any) -> bool:
        return request.method != "POST" or super().allow_request(request, view)


class KernelRunThrottle(UserRateThrottle):
    scope = "kernel_runs"


class KernelAskThrottle(UserRateThrottle):
    scope = "kernel_asks"


_THROTTLES: dict[str, type[UserRateThrottle]] = {
    throttle.scope: throttle for throttle in (SubmitThrottle, KernelRunThrottle, KernelAskThrottle)
}


def check_submit_rate(request: HttpRequest) -> None:
    """Raise TooMany where the person submitted too often in the last minute."""
    detail = _("You submitted very often just now. Your cells are kept; try again in %(seconds)s seconds.")
    check_rate(request, "submit", detail)


def check_rate(request: HttpRequest, scope: str, detail: str) -> None:
    """Raise TooMany with `detail` where the person did this too often in the last minute."""
    throttle = _THROTTLES[scope]()
    if not throttle.allow_request(request, None):  # type: ignore[arg-type]  # it only looks at who asks
        seconds = int(throttle.wait() or 1)
        raise TooMany(detail % {"seconds": seconds}, headers={"Retry-After": str(seconds)})
