from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from learnpaths.core import problems, visitors
from learnpaths.site_texts import missing, texts
from learnpaths.site_texts.models import Page

TEMPLATE = "site_texts/page.html"


@require_safe
def show_page(request: HttpRequest, page: Page) -> HttpResponse:
    """Show a page of the operator's."""
    text = texts.text_of(page)
    return visitors.render(request, TEMPLATE, lambda: page_context(page, text), stamp=text)


def page_context(page: Page, text: texts.PageText) -> dict[str, Any]:
    return {"title": page.label, "html": texts.render(text.body), "updated_at": text.updated_at}


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Say what was looked for and where to look; to a program, that there is nothing."""
    if problems.wants_json(request):
        return problems.respond(request, problems.NotFound())
    context = {"missing": missing.kind_of(request.path), "words": missing.words_of(request.path)}
    return render(request, "site_texts/not_found.html", context, status=404)
