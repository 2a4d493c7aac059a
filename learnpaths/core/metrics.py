"""`/metrics`: numbers for Prometheus, for programs on this machine, for those that know the token, and for staff."""

import secrets
from ipaddress import ip_address

from django.conf import settings
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
    if not (is_local(request) or knows_token(request) or request.user.is_staff):
        raise PermissionDenied(_("Metrics are for programs on this machine or with the token, and for staff."))
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


def knows_token(request: HttpRequest) -> bool:
    """True for a request with LEARNPATHS_METRICS_TOKEN as its bearer token; never where none is set."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return (
        bool(settings.METRICS_TOKEN)
        and scheme.lower() == "bearer"
        and secrets.compare_digest(token.encode(), settings.METRICS_TOKEN.encode())
    )
