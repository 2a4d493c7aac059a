"""The content folder `glossary`: TOML files of terms → data (no database) → rows."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as Folder
from typing import Any

from learnpaths.catalog import schema
from learnpaths.catalog.registry import PATHS_ORDER, ContentKind, Counts, Reading, register_content
from learnpaths.catalog.tables import Problem, SourceFile, Table
from learnpaths.search.models import Term

FOLDER = "glossary"
MAX_DEFINITION = 400


@dataclass(frozen=True, kw_only=True)
class Source:
    """A term as its author wrote it; `taught` stands at `line`."""

    slug: str
    name: str
    also: list[str]
    definition: str
    lesson: str
    anchor: str
    file: str
    line: int


def register() -> None:
    """Make the glossary a kind of content, saved after the paths whose lessons it names."""
    register_content(ContentKind(FOLDER, read, save, PATHS_ORDER + 20, check=check, listed=listed))


def read(folder: Folder) -> Reading:
    """Return the terms in `folder` by id and every problem found."""
    items: dict[str, Any] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        file = SourceFile(path, f"{FOLDER}/{path.name}", problems)
        table = file.table()
        for term in table.tables("term", required=True) if table else ():
            source = _read_term(term, file.name)
            if source.slug in items:
                term.report(f"There is a term {source.name!r} already.", "name")
            items[source.slug] = source
        if table:
            table.finish()
    return Reading(items, problems)


def _read_term(table: Table, file: str) -> Source:
    name = table.text("name", maximum=80)
    slug = "-".join(re.findall(r"[a-z0-9]+", name.lower()))[:60].strip("-")
    if name and not slug:
        table.report(f"`name` is {name!r}; it needs a letter from a to z or a digit, for its address.", "name")
    lesson, _, anchor = table.text("taught", maximum=260).partition("#")
    source = Source(
        slug=slug,
        name=name,
        also=table.texts("also"),
        definition=table.text("definition", maximum=MAX_DEFINITION),
        lesson=lesson,
        anchor=anchor,
        file=file,
        line=table.line("taught"),
    )
    table.finish()
    return source


def check(items: Mapping[str, Source], others: Mapping[str, Mapping[str, Any]]) -> Iterable[Problem]:
    """Yield a problem for each term that says it is taught where no lesson or no heading is."""
    paths: Iterable[schema.Path] = others.get("paths", {}).values()
    anchors = {step.slug: step.lesson.anchors for path in paths for step in path.steps if step.lesson}
    for item in items.values():
        if item.lesson and item.lesson not in anchors:
            yield Problem(item.file, item.line, f"There is no lesson {item.lesson!r} that could teach {item.name!r}.")
        elif item.anchor and item.anchor not in anchors[item.lesson]:
            known = ", ".join(sorted(anchors[item.lesson])) or "none"
            yield Problem(item.file, item.line, f"{item.lesson!r} has no heading {item.anchor!r}; there are: {known}.")


def listed() -> Iterable[str]:
    return Term.objects.values_list("slug", flat=True)


def save(items: Mapping[str, Source], keep: Collection[str] = ()) -> Counts:
    """Store the terms and delete those that are neither among them nor to be kept; they hold nobody's work."""
    known = {term.slug: term for term in Term.objects.all()}
    results = [_save(known.get(item.slug) or Term(slug=item.slug), item) for item in items.values()]
    retired = Term.objects.exclude(slug__in=[*items, *keep])
    count = retired.count()
    retired.delete()
    return Counts(results.count("created"), results.count("updated"), results.count("unchanged"), count)


def _save(row: Term, item: Source) -> str:
    values = {name: getattr(item, name) for name in ("name", "also", "definition", "lesson", "anchor")}
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return "unchanged"
    result = "updated" if row.pk else "created"
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return result
