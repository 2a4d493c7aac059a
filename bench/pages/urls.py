"""The site's addresses and, beside them on the same server, a view that does nothing."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path


def empty(request: HttpRequest) -> HttpResponse:
    """Answer as little as a Django view can."""
    return HttpResponse()


urlpatterns = [path("bench/empty/", empty), path("", include("learnpaths.urls"))]
