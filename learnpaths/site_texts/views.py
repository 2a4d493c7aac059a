from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from learnpaths.core import visitors
from learnpaths.site_texts import texts
from learnpaths.site_texts.models import Page

TEMPLATE = "site_texts/page.html"


@require_safe
def show_page(request: HttpRequest, page: Page) -> HttpResponse:
    """Show a page of the operator's."""
    text = texts.text_of(page)
    return visitors.render(request, TEMPLATE, lambda: page_context(page, text), stamp=text)


def page_context(page: Page, text: texts.PageText) -> dict[str, Any]:
    return {"title": page.label, "html": texts.render(text.body), "updated_at": text.updated_at}
