"""The content folder `credentials`: one TOML file per credential → data (no database) → rows.

How it is earned is not written there but made: from the rule, the path, and the thresholds of the path's exercises.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path as Folder
from typing import Any

from certification import criteria
from certification.models import Credential
from certification.openbadges.credential import ACHIEVEMENT_TYPES
from exercises.assignment.definition import Definition
from exercises.models import Exercise, parse_versions
from learnpaths.catalog import markdown, schema
from learnpaths.catalog.models import Checkpoint, Path
from learnpaths.catalog.registry import PATHS_ORDER, ContentKind, Counts, Reading, Reference, register_content
from learnpaths.catalog.tables import Problem, SourceFile, Table, is_id

FOLDER = "credentials"


@dataclass(frozen=True, kw_only=True)
class Source:
    """A credential as its author wrote it. `path_line` is where the path is named."""

    slug: str
    title: str
    description: str
    note: str
    achievement_type: str
    skills: list[str]
    valid_months: int | None
    path: str
    path_line: int
    file: str


def register() -> None:
    """Make credentials a kind of content, saved after the paths that they name."""
    register_content(ContentKind(FOLDER, read, save, PATHS_ORDER + 10, references, check=check, listed=listed))


def read(folder: Folder) -> Reading:
    """Return the credentials in `folder` and every problem found."""
    items: dict[str, Any] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.toml")):
        source = _read_file(path, problems)
        if source is not None:
            items[source.slug] = source
    return Reading(items, problems)


def references(items: Mapping[str, Source]) -> Iterable[Reference]:
    """Each credential names its path."""
    return [Reference("paths", item.path, item.file, item.path_line) for item in items.values() if item.path]


def check(items: Mapping[str, Source], others: Mapping[str, Mapping[str, Any]]) -> Iterable[Problem]:
    """Yield what makes a path impossible to certify. `others` are the items of all content folders by id."""
    for item in items.values():
        path = others.get("paths", {}).get(item.path)
        if path is not None:
            messages = _problems_of_path(path, others.get("exercises", {}))
            yield from (Problem(item.file, item.path_line, message) for message in messages)


def _problems_of_path(path: schema.Path, exercises: Mapping[str, Definition]) -> Iterable[str]:
    if not any(step.kind == "exercise" for step in path.steps):
        yield f"A path without an exercise cannot be certified, because nothing on it is measured: {path.slug!r} has none."
    for kind in sorted({step.kind for step in path.steps} - {"lesson", "exercise"}):
        yield f"A path with a step of the kind {kind!r} cannot be certified: no rule of credentials speaks of it."
    for step in path.steps:
        definition = exercises.get(step.slug) if step.kind == "exercise" else None
        for threshold in criteria.unsaid(definition) if definition else ():
            yield (
                f"The certificate cannot state the threshold {threshold.metric!r} of the exercise {step.slug!r}: its name has a number, "
                "which would read as a measurement. Give it `words` without one, in its exercise.toml."
            )


def listed() -> Iterable[str]:
    return Credential.objects.listed().values_list("slug", flat=True)


def save(items: Mapping[str, Source], keep: Collection[str] = ()) -> Counts:
    """Store the credentials and retire those that are neither among them nor to be kept; their certificates stay."""
    results = [_save(item) for item in items.values()]
    retired = Credential.objects.listed().exclude(slug__in=[*items, *keep]).update(is_listed=False)
    return Counts(results.count("created"), results.count("updated"), results.count("unchanged"), retired)


def _read_file(path: Folder, problems: list[Problem]) -> Source | None:
    file = SourceFile(path, f"{FOLDER}/{path.name}", problems)
    if not is_id(path.stem):
        file.report(0, f"The file's name {path.stem!r} is no id: lower-case words joined by hyphens.")
    table = file.table()
    return _read_table(table, path.stem, file.name) if table else None


def _read_table(table: Table, slug: str, name: str) -> Source:
    path, path_line = _rule(table)
    if "criteria" in table:
        message = (
            "`criteria` is not written by hand any more: it is made from the rule and from what the exercises measure."
        )
        table.report(f"{message} What the path is about can stand in `note`.", "criteria")
        table.values.pop("criteria")
    source = Source(
        slug=slug,
        title=table.text("title", maximum=120),
        description=_prose(table, "description", maximum=1000),
        note=_note(table),
        achievement_type=_achievement_type(table),
        skills=table.texts("skills"),
        valid_months=table.whole("valid_months", minimum=1, maximum=600) if "valid_months" in table else None,
        path=path,
        path_line=path_line,
        file=name,
    )
    table.finish()
    return source


def _note(table: Table) -> str:
    if "note" not in table:
        return ""
    note = _prose(table, "note")
    for _, message in markdown.render_fragment(note, line=table.line("note")).problems:
        table.report(f"`note`: {message}", "note")
    return note


def _prose(table: Table, name: str, *, maximum: int = 4000) -> str:
    """Return a text that is signed and that nobody checks: it may tell what the path is about, but no figure."""
    text = table.text(name, maximum=maximum)
    if criteria.has_number(text):
        message = "has a number or a percentage. Only what a required check measures may be stated, and that is done without you."
        table.report(f"`{name}` {message}", name)
    return text


def _rule(table: Table) -> tuple[str, int]:
    """Return the path of `[rule]` and the line where it is named; each condition has only one value that is enforced."""
    rule = table.table("rule")
    if rule is None:
        table.report("The table `[rule]` with a `path` is missing: it says how the credential is earned.", "rule")
        return "", table.line("rule")
    path = rule.text("path", maximum=60)
    for condition, value in criteria.RULE.items():
        if condition in rule:
            rule.one_of(condition, [value])
    rule.finish()
    return path, rule.line("path")


def _achievement_type(table: Table) -> str:
    value = table.text("achievement_type", maximum=60)
    if value and value not in ACHIEVEMENT_TYPES and not re.fullmatch(r"ext:[A-Za-z0-9._-]+", value):
        known = ", ".join(sorted(ACHIEVEMENT_TYPES))
        table.report(f"`achievement_type` is {value!r}; it must be ext:… or one of: {known}.", "achievement_type")
    return value


def _save(item: Source) -> str:
    row = Credential.objects.filter(slug=item.slug).first()
    path = Path.objects.with_steps().get(slug=item.path)
    narrative = _narrative(path, item.note)
    values = {
        "title": item.title,
        "description": item.description,
        "note": item.note,
        "criteria": narrative,
        "criteria_html": markdown.render_fragment(narrative).html.strip(),
        "achievement_type": item.achievement_type,
        "skills": item.skills,
        "valid_months": item.valid_months,
        "path": path,
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


def _narrative(path: Path, note: str) -> str:
    """Return how the credential is earned today; a certificate keeps its own words (`accomplishment.snapshot`)."""
    slugs = [step.slug for step in path.steps if step.kind == "exercise"]
    versions = dict(Exercise.objects.filter(slug__in=slugs, version__isnull=False).values_list("slug", "version"))
    definitions = parse_versions(versions.values())
    course = criteria.Course(
        title=path.title,
        lessons=sum(step.kind == "lesson" for step in path.steps),
        checkpoints=Checkpoint.objects.filter(lesson__step__unit__path=path).count(),
    )
    return criteria.narrative(course, [definitions[versions[slug]] for slug in slugs], note)
