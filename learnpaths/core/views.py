from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learnpaths.core import health, problems


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Says nothing about what it needs."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """503 while something that this site needs is missing. `?exclude=workers` asks about this process's own needs."""
    checks = health.run(exclude=request.GET.getlist("exclude"))
    is_ready = all(outcome == "ok" for outcome in checks.values())
    return JsonResponse({"status": "ok" if is_ready else "failed", "checks": checks}, status=200 if is_ready else 503)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problems.respond(request, problems.HttpProblem())


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return problems.respond(request, problems.Forbidden(str(exception or "")))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form's token is missing or old: say what helps."""
    detail = _("The page was open too long, or cookies are off. Go back, reload the page and send the form again.")
    return problems.respond(request, problems.Forbidden(detail))
