import gzip
from urllib.parse import urlsplit

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import is_valid_path
from django.utils.cache import patch_vary_headers
from django.utils.deprecation import MiddlewareMixin

from learnpaths.core import problems
from learnpaths.core.caches import ProcessCache

TEXT = ("text/", "application/javascript", "application/json", "image/svg+xml")
KEPT_FILES = 100
INSIDE = frozenset({"/healthz", "/readyz", "/metrics"})


class InsideMiddleware(MiddlewareMixin):
    """Gives the requests of probes and of Prometheus, which know a process by its address, the site's host name."""

    def process_request(self, request: HttpRequest) -> None:
        if request.path in INSIDE:
            request.META["HTTP_HOST"] = urlsplit(settings.BASE_URL).netloc


class FramingMiddleware(MiddlewareMixin):
    """Refuses a request that gives its length in two ways: two servers in a row may see two different requests in it."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if "HTTP_TRANSFER_ENCODING" not in request.META or not request.META.get("CONTENT_LENGTH"):
            return None
        text = "A request has either Content-Length or Transfer-Encoding, never both.\n"
        return HttpResponse(text, status=400, content_type="text/plain", headers={"Connection": "close"})


class ProblemMiddleware(MiddlewareMixin):
    """Turns a `Problem` raised in a plain view into its answer."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return problems.respond(request, error) if isinstance(error, problems.HttpProblem) else None


class FormAddressMiddleware(MiddlewareMixin):
    """Leads a browser that opens an address which only takes a form to the page that the form stands on.

    It comes there after signing in, by a bookmark or by reloading. Programs, which do not ask for HTML, get their 405.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_browser = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "")
        return redirect(page_above(request.path)) if response.status_code == 405 and is_browser else response


def page_above(path: str) -> str:
    """Return the nearest address above a path that the site has; the start page at last."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            return path
    return path


class CompressionMiddleware(GZipMiddleware):
    """Compresses pages and, where no image build has done it, static text; never event streams, which must not wait."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self._compressed: ProcessCache[tuple[str, str], bytes] = ProcessCache(KEPT_FILES)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if isinstance(response, FileResponse):
            return self._file(request, response) if self._is_wanted(request, response) else response
        if response.streaming:
            return response
        return super().process_response(request, response)

    def _is_wanted(self, request: HttpRequest, response: FileResponse) -> bool:
        is_text = response.headers.get("Content-Type", "").startswith(TEXT)
        return (
            is_text
            and response.status_code == 200
            and request.method == "GET"
            and "Content-Encoding" not in response
            and "gzip" in request.headers.get("Accept-Encoding", "")
        )

    def _file(self, request: HttpRequest, response: FileResponse) -> HttpResponse:
        key = (request.path, response.headers.get("Last-Modified", ""))
        content = self._compressed.get_or_make(key, lambda: gzip.compress(response.getvalue(), mtime=0))
        response.close()
        headers = {
            name: value for name, value in response.headers.items() if name not in ("Content-Length", "Accept-Ranges")
        }
        compressed = HttpResponse(content, headers=headers | {"Content-Encoding": "gzip"})
        compressed["Content-Length"] = str(len(content))
        if "ETag" in headers:
            compressed["ETag"] = f"W/{headers['ETag'].removeprefix('W/')}"
        patch_vary_headers(compressed, ("Accept-Encoding",))
        return compressed
