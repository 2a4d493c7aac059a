"""`/metrics`: numbers for Prometheus, for programs on this machine and for staff."""

from ipaddress import ip_address

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Every metric of this process and the state of the queues."""
    if not (is_local(request) or request.user.is_staff):
        raise PermissionDenied(_("Metrics are for programs on this machine and for staff."))
    response: HttpResponse = ExportToDjangoView(request)
    return response


def is_local(request: HttpRequest) -> bool:
    """True for a program on this machine; what a proxy hands on comes from elsewhere, wherever the proxy runs."""
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
