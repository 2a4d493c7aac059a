"""Where the links of content lead: pages and headings of ours must be there, other people's must look like addresses.

Nothing is fetched: whether a foreign page still answers is no reason why content should not load.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve, reverse

from learnpaths.catalog import registry
from learnpaths.catalog.models import Step
from learnpaths.catalog.registry import Link, Reading
from learnpaths.catalog.tables import Problem


@dataclass
class Pages:
    """The pages that content makes: their addresses, and the ids of the headings that can be linked to on each."""

    anchors: dict[str, frozenset[str]] = field(default_factory=dict)

    def has(self, path: str) -> bool:
        """Tell whether content makes this page, or the site has it without any content."""
        if path in self.anchors:
            return True
        try:
            return not resolve(path).kwargs
        except Resolver404:
            return False


def broken(readings: Mapping[str, Reading]) -> Iterable[Problem]:
    """Return a problem for each link that leads nowhere."""
    pages = _pages(readings)
    for reading in readings.values():
        for link in reading.links:
            if message := _problem(link, pages):
                yield Problem(link.file, link.line, message)


def _pages(readings: Mapping[str, Reading]) -> Pages:
    pages = Pages()
    for path in readings["paths"].items.values():
        pages.anchors[reverse("path", args=[path.slug])] = frozenset()
        for step in path.steps:
            if step.lesson:
                pages.anchors[reverse("lesson", args=[path.slug, step.slug])] = step.lesson.anchors
    for kind in registry.step_kinds().values():
        if kind.name != "lesson":
            for slug in readings[kind.content_folder].items if kind.content_folder in readings else ():
                pages.anchors[kind.url(Step(kind=kind.name, slug=slug))] = frozenset()
    return pages


def _problem(link: Link, pages: Pages) -> str:
    try:
        parts = urlsplit(link.href)
    except ValueError:
        return f"The link {link.href!r} is not an address."
    if parts.scheme in ("http", "https"):
        host = parts.hostname or ""
        is_address = "." in host.strip(".") and not any(sign.isspace() for sign in link.href)
        return "" if is_address else f"The link {link.href!r} is not an address."
    if parts.scheme == "mailto":
        return "" if "@" in parts.path else f"The link {link.href!r} is not an address."
    if parts.scheme or parts.netloc or not (link.href.startswith(("/", "#")) and link.href != "#"):
        return f"The link {link.href!r} must start with https://, with / (a page of this site) or with # (a heading of this page)."
    if parts.path and not pages.has(parts.path):
        return f"The link {link.href!r} leads nowhere: this site has no page {parts.path!r}."
    known = pages.anchors.get(parts.path, frozenset()) if parts.path else link.anchors
    if parts.fragment and parts.fragment not in known:
        near = ", ".join(sorted(f"#{anchor}" for anchor in known)) or "none"
        return f"The link {link.href!r} leads to no heading; there are: {near}."
    return ""
