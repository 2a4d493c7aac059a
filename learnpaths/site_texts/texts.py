"""The text of a page: what an administrator wrote, else the default, which is a file beside this module."""

from datetime import datetime
from pathlib import Path
from string import Template
from typing import NamedTuple

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from learnpaths.catalog.markdown import Rendering, render_page
from learnpaths.site_texts.models import Page, SiteText

DEFAULTS = Path(__file__).with_name("defaults")


class PageText(NamedTuple):
    """Markdown that `render` accepts, and since when it stands there; None for the default."""

    body: str
    updated_at: datetime | None


def text_of(page: Page) -> PageText:
    """Return what stands on a page, in one query."""
    row = SiteText.objects.filter(page=page).exclude(body="").first()
    return PageText(row.body, row.updated_at) if row else PageText(default_text(page), None)


def default_text(page: Page) -> str:
    """Return the text that comes with the product, with this site's name, its operator and, where one is set, the contact."""
    template = Template((DEFAULTS / f"{page}.md").read_text())
    contact = _("Ask <%(contact)s>.") % {"contact": settings.CONTACT} if settings.CONTACT else ""
    operator = settings.ISSUER_NAME if settings.ISSUER_NAME != settings.SITE_NAME else _("the people who set it up")
    return template.substitute(site=settings.SITE_NAME, operator=operator, contact=contact)


def render(body: str) -> SafeString:
    """Return the Markdown as HTML that is safe to show, whatever it holds."""
    return mark_safe(render_page(body).html)  # noqa: S308 - sanitised by catalog.markdown


def problems_in(body: str) -> list[str]:
    """Return a sentence for each thing that has no place on such a page."""
    rendering = render_page(body)
    messages = [f"{_('Line')} {line}: {message}" for line, message in rendering.problems]
    return messages + [
        f"{_('Line')} {line}: {_('A lesson can have this, this page cannot.')}" for line in _parts(rendering)
    ]


def _parts(rendering: Rendering) -> list[int]:
    return [line for _name, line in (*rendering.figures, *rendering.checkpoints)]
