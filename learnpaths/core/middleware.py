from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from learnpaths.core import problems

INSIDE = frozenset({"/healthz", "/readyz", "/metrics"})


class InsideMiddleware(MiddlewareMixin):
    """Gives the requests of probes and of Prometheus, which know a process by its address, the site's host name."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path in INSIDE:
            request.META["HTTP_HOST"] = urlsplit(settings.BASE_URL).netloc


class ProblemMiddleware(MiddlewareMixin):
    """Turns a `Problem` raised in a plain view into its answer."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return problems.respond(request, error) if isinstance(error, problems.Problem) else None
