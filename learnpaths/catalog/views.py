from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from learnpaths.catalog import selectors


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Lessons and exercises that have every word of the query."""
    query = request.GET.get("q", "").strip()[:100]
    context = {"search_query": query, "steps": selectors.search(query)}
    return render(request, "catalog/search.html", context)
