from django.http import HttpRequest, HttpResponse
from django.utils.deprecation import MiddlewareMixin

from learnpaths.core import problems


class ProblemMiddleware(MiddlewareMixin):
    """Turns a `Problem` raised in a plain view into its answer."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return problems.respond(request, error) if isinstance(error, problems.Problem) else None
