"""The content folder `credentials`: one TOML file per credential → data (no database) → rows."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as Folder
from typing import Any

from certification.models import Credential
from certification.openbadges.credential import ACHIEVEMENT_TYPES
from learnpaths.catalog import markdown, schema
from learnpaths.catalog.models import Path
from learnpaths.catalog.registry import PATHS_ORDER, ContentKind, Counts, Problem, Reading, Reference, register_content
from learnpaths.catalog.source import BadToml, parse

FOLDER = "credentials"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A credential as its author wrote it. `path_line` is where the path is named."""

    slug: str
    title: str
    description: str
    criteria: str
    criteria_html: str
    achievement_type: str
    skills: list[str]
    valid_months: int | None
    path: str
    path_line: int
    file: str


def register() -> None:
    """Make credentials a kind of content, saved after the paths that they name."""
    register_content(ContentKind(FOLDER, read, save, PATHS_ORDER + 10, references))


def read(folder: Folder) -> Reading:
    """Return the credentials in `folder` and every problem found."""
    items: dict[str, Any] = {}
    problems: list[Problem] = []
    for file in sorted(folder.glob("*.toml")):
        source = _read_file(file, f"{FOLDER}/{file.name}", problems)
        if source is not None:
            items[source.slug] = source
    return Reading(items, problems)


def references(items: Mapping[str, Source]) -> Iterable[Reference]:
    """Each credential names its path."""
    return [Reference("paths", item.path, item.file, item.path_line) for item in items.values() if item.path]


def save(items: Mapping[str, Source]) -> Counts:
    """Store the credentials and retire those that are not among them; their certificates stay."""
    results = [_save(item) for item in items.values()]
    retired = Credential.objects.listed().exclude(slug__in=items).update(is_listed=False)
    return Counts(results.count("created"), results.count("updated"), results.count("unchanged"), retired)


def _read_file(file: Folder, name: str, problems: list[Problem]) -> Source | None:
    def report(line: int, message: str) -> None:
        problems.append(Problem(name, line, message))

    if not markdown.is_id(file.stem):
        report(0, f"The file's name {file.stem!r} is no id: lower-case words joined by hyphens.")
    try:
        values, section = parse(file.read_text("utf-8"))
    except BadToml as error:
        report(error.line, str(error))
        return None
    except (OSError, UnicodeDecodeError) as error:
        report(0, f"The file cannot be read as UTF-8: {error}.")
        return None
    return _read_table(schema.Table(values, section, report), file.stem, name)


def _read_table(table: schema.Table, slug: str, name: str) -> Source:
    rule = _rule(table)
    criteria = table.text("criteria")
    rendering = markdown.render_fragment(criteria, line=table.line("criteria"))
    for _, message in rendering.problems:
        table.report(table.line("criteria"), f"`criteria`: {message}")
    source = Source(
        slug=slug,
        title=table.text("title", maximum=120),
        description=table.text("description", maximum=1000),
        criteria=criteria,
        criteria_html=rendering.html.strip(),
        achievement_type=_achievement_type(table),
        skills=table.texts("skills"),
        valid_months=table.whole("valid_months", minimum=1, maximum=600) if "valid_months" in table.values else None,
        path=rule.text("path", maximum=60),
        path_line=rule.line("path"),
        file=name,
    )
    rule.finish()
    table.values.pop("rule", None)
    if source.valid_months is None:
        table.values.pop("valid_months", None)
    table.finish()
    return source


def _rule(table: schema.Table) -> schema.Table:
    values = table.values.get("rule")
    if not isinstance(values, dict):
        table.report(
            table.line("rule"), "The table `[rule]` with a `path` is missing: it says how the credential is earned."
        )
        return schema.Table({"path": ""}, table.section, lambda line, message: None)
    sections = table.section.tables.get("rule")
    return schema.Table(values, sections[0] if sections else table.section, table.report)


def _achievement_type(table: schema.Table) -> str:
    value = table.text("achievement_type", maximum=60)
    if value and value not in ACHIEVEMENT_TYPES and not re.fullmatch(r"ext:[A-Za-z0-9._-]+", value):
        known = ", ".join(sorted(ACHIEVEMENT_TYPES))
        table.report(
            table.line("achievement_type"), f"`achievement_type` is {value!r}; it must be ext:… or one of: {known}."
        )
    return value


def _save(item: Source) -> str:
    row = Credential.objects.filter(slug=item.slug).first()
    values = {
        "title": item.title,
        "description": item.description,
        "criteria": item.criteria,
        "criteria_html": item.criteria_html,
        "achievement_type": item.achievement_type,
        "skills": item.skills,
        "valid_months": item.valid_months,
        "path": Path.objects.get(slug=item.path),
        "is_listed": True,
    }
    if row is not None and all(getattr(row, name) == value for name, value in values.items()):
        return "unchanged"
    result = "updated" if row is not None else "created"
    row = row or Credential(slug=item.slug)
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return result
