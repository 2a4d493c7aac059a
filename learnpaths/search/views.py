from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from learnpaths.core import visitors
from learnpaths.search import queries, registry, selectors

SUGGESTION_SECONDS = 300
_MAX_SHOWN = 80  # characters of a title or trail in a suggestion, so that an answer stays below 5 kB


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Lessons, sections, exercises, terms and one's own work that have every word of the query."""
    text, is_cut = queries.shorten(request.GET.get("q", ""))
    kind = request.GET.get("kind", "")
    kind = kind if kind in registry.kinds() else ""
    page = _page_number(request.GET.get("page", ""))
    found = selectors.search(text, user=request.user, kind=kind, page=page)
    context = {
        "search_query": text,
        "is_cut": is_cut,
        "found": found,
        "kind": kind,
        "page": min(page, found.pages),
        "previous": page - 1 if page > 1 else 0,
        "next": page + 1 if page < found.pages else 0,
    }
    return render(request, "search/results.html", context)


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 4 else 1


@require_safe
@cache_control(public=True, max_age=SUGGESTION_SECONDS)
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the search box offers while somebody types: the same for everybody, nothing of a person."""
    text, _is_cut = queries.shorten(request.GET.get("q", ""))
    items = [
        {
            "title": each.title[:_MAX_SHOWN],
            "url": each.url,
            "note": " · ".join(filter(None, (_label(each.kind), each.trail[:_MAX_SHOWN]))),
        }
        for each in selectors.suggest(text)
    ]
    count = ngettext("%(count)d suggestion", "%(count)d suggestions", len(items)) % {"count": len(items)}
    status = count if items else _("No suggestions")
    return JsonResponse({"status": status, "items": items}, json_dumps_params={"ensure_ascii": False})


def _label(kind: str) -> str:
    return str(registry.kinds()[kind].label) if kind in registry.kinds() else ""


@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """All terms by letter; `?q=` leaves those that have the text."""
    text, _is_cut = queries.shorten(request.GET.get("q", ""))
    return visitors.render(
        request,
        "search/glossary.html",
        lambda: {"filter": text, "letters": selectors.definitions(text)},
        stamp=selectors.stamp(),
    )
