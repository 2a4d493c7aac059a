"""Content folders → rows: all or nothing, the unchanged skipped, the retired unlisted."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path as Folder
from typing import Any

from django.contrib.staticfiles import finders
from django.db import connection, transaction

from learnpaths.catalog import links, registry, schema
from learnpaths.catalog import origins as origins_of
from learnpaths.catalog.models import Checkpoint, Lesson, Path, Step, Unit
from learnpaths.catalog.registry import ContentKind, Counts, Reading
from learnpaths.catalog.signals import content_loaded
from learnpaths.catalog.tables import Problem

Readings = dict[str, Reading]


@dataclass(frozen=True)
class LoadReport:
    """What a load read and did; `counts` by content folder is empty if there was a problem or it only checked."""

    problems: list[Problem] = field(default_factory=list)
    counts: dict[str, Counts] = field(default_factory=dict)
    read: dict[str, int] = field(default_factory=dict)  # items by content folder
    notes: list[str] = field(default_factory=list)
    retired: dict[str, list[str]] = field(default_factory=dict)  # ids by folder; what a check would retire

    @property
    def is_ok(self) -> bool:
        return not self.problems


def load(content_dirs: Iterable[Folder], *, check_only: bool = False, retire_others: bool = False) -> LoadReport:
    """Read every content root; save all of it in one transaction, or nothing while there is a problem.

    Only what came from these roots and is not there any more is retired, unless `retire_others`.
    """
    kinds, roots = registry.content_kinds(), list(content_dirs)
    origins: dict[str, dict[str, str]] = {kind.folder: {} for kind in kinds}
    readings = _read(roots, kinds, origins)
    _complete_paths(readings)
    problems = [problem for reading in readings.values() for problem in reading.problems]
    problems += _broken_references(kinds, readings)
    others = {folder: reading.items for folder, reading in readings.items()}
    problems += [problem for kind in kinds for problem in kind.check(others[kind.folder], others)]
    problems += links.broken(readings)
    read = {folder: len(reading.items) for folder, reading in readings.items()}
    if problems:
        return LoadReport(sorted(set(problems)), {}, read)
    has_tables = not check_only or Path._meta.db_table in connection.introspection.table_names()
    missing = {
        kind.folder: _missing(kind, readings, roots, retire_others) for kind in kinds if kind.listed and has_tables
    }
    retired = {folder: sorted(each.lost) for folder, each in missing.items() if each.lost}
    notes = [note for folder, each in missing.items() for note in _kept_notes(folder, each)]
    if check_only:
        return LoadReport([], {}, read, notes, retired)
    with transaction.atomic():
        counts = {kind.folder: _save(kind, readings[kind.folder], missing) for kind in kinds}
        for folder, roots_of in origins.items():
            origins_of.remember(folder, roots_of)
        content_loaded.send(None, has_changed=any(map(_has_changes, counts.values())))
    return LoadReport([], counts, read, [*notes, *(note for kind in kinds for note in kind.notes())], retired)


def _missing(kind: ContentKind, readings: Readings, roots: Sequence[Folder], retire_others: bool) -> origins_of.Listed:
    listed = set(kind.listed() if kind.listed else ())
    return origins_of.divide(kind.folder, listed - readings[kind.folder].items.keys(), roots, others_too=retire_others)


def _save(kind: ContentKind, reading: Reading, missing: Mapping[str, origins_of.Listed]) -> Counts:
    return kind.save(reading.items, missing[kind.folder].kept) if kind.folder in missing else kind.save(reading.items)


def _has_changes(counts: Counts) -> bool:
    return bool(counts.created or counts.updated or counts.retired)


def _kept_notes(folder: str, listed: origins_of.Listed) -> Iterable[str]:
    """Say what stays although it was not read: it may be meant, or a root was forgotten."""
    if listed.kept:
        roots = ", ".join(origins_of.name_roots(folder, listed.kept)) or "an earlier load"
        yield (
            f"{folder}: {len(listed.kept)} stay as they are, because they come from elsewhere ({roots}). "
            "If they are to go: load_content --retire-others"
        )


def _read(roots: Sequence[Folder], kinds: Sequence[ContentKind], origins: dict[str, dict[str, str]]) -> Readings:
    readings = {kind.folder: Reading() for kind in kinds}
    for root in roots:
        folders = [kind for kind in kinds if (root / kind.folder).is_dir()]
        if not folders:
            names = ", ".join(kind.folder for kind in kinds)
            readings["paths"].problems.append(Problem(str(root), 0, f"No content here: it has none of {names}."))
        for kind in folders:
            reading = kind.read(root / kind.folder)
            origins[kind.folder] |= dict.fromkeys(reading.items, origins_of.name(root))
            _merge(readings[kind.folder], reading, kind, root)
    return readings


def _merge(all_: Reading, one: Reading, kind: ContentKind, root: Folder) -> None:
    all_.problems.extend(one.problems)
    all_.links.extend(one.links)
    for id_ in one.items.keys() & all_.items.keys():
        all_.problems.append(Problem(f"{kind.folder}/{id_}", 0, f"{root} and an earlier content root both have this."))
    all_.items.update(one.items)


# --- what refers to what ---


def _complete_paths(readings: Readings) -> None:
    """Give each step that is no lesson the title, minutes and summary of what it names; report what cannot be."""
    paths = readings["paths"]
    for slug, path in paths.items.items():
        units = [
            replace(unit, steps=tuple(_complete_step(path, step, readings) for step in unit.steps))
            for unit in path.units
        ]
        paths.items[slug] = replace(path, units=tuple(units))
    paths.problems.extend(_lessons_on_two_paths(paths.items.values()))
    paths.problems.extend(_missing_figures(paths.items.values()))


def _complete_step(path: schema.Path, step: schema.Step, readings: Readings) -> schema.Step:
    if step.kind == "lesson":
        return step
    problems, kind = readings["paths"].problems, registry.step_kinds().get(step.kind)
    if kind is None:
        known = ", ".join(sorted(registry.step_kinds()))
        problems.append(Problem(path.file, step.line, f"Unknown kind of step {step.kind!r}; known: {known}."))
        return step
    items = readings[kind.content_folder].items if kind.content_folder in readings else {}
    if step.slug not in items:
        problems.append(
            Problem(path.file, step.line, f"There is no {step.kind} {step.slug!r} in {kind.content_folder}/.")
        )
        return step
    item = items[step.slug]
    if not getattr(item, "is_listed", True):
        message = f"The {step.kind} {step.slug!r} belongs to the exam pool; it cannot stand on a path."
        problems.append(Problem(path.file, step.line, message))
    return replace(step, title=item.title, minutes=item.minutes, summary=getattr(item, "summary", ""))


def _lessons_on_two_paths(paths: Iterable[schema.Path]) -> Iterable[Problem]:
    """A lesson's id is unique on the whole site, because progress is kept under it."""
    first: dict[str, str] = {}
    for path in paths:
        for step in path.steps:
            if step.kind == "lesson" and first.setdefault(step.slug, path.slug) != path.slug:
                message = f"The lesson id {step.slug!r} is also used by the path {first[step.slug]!r}; choose another."
                yield Problem(path.file, step.line, message)


def _missing_figures(paths: Iterable[schema.Path]) -> Iterable[Problem]:
    for path in paths:
        for step in path.steps:
            for figure, line in step.lesson.figures if step.lesson else ():
                if not finders.find(f"figures/{figure}.js"):
                    file = f"paths/{path.slug}/{step.slug}/lesson.md"
                    yield Problem(file, line, f"There is no static/figures/{figure}.js for the figure {figure!r}.")


def _broken_references(kinds: Iterable[ContentKind], readings: Readings) -> Iterable[Problem]:
    for kind in kinds:
        for reference in kind.references(readings[kind.folder].items):
            reading = readings.get(reference.folder)
            if reading is None or reference.id not in reading.items:
                message = f"There is no {reference.id!r} in {reference.folder}/."
                yield Problem(reference.file, reference.line, message)


# --- paths → rows ---


def listed_paths() -> Iterable[str]:
    return Path.objects.listed().values_list("slug", flat=True)


def save_paths(items: Mapping[str, schema.Path], keep: Collection[str] = ()) -> Counts:
    """Write the paths; those not among `items`, and not to be kept, become unlisted."""
    created = updated = unchanged = 0
    known = {path.slug: path for path in Path.objects.all()}
    for item in items.values():
        row = known.get(item.slug)
        if row and row.is_listed and row.digest == digest(item):
            unchanged += 1
            continue
        _save_path(row or Path(slug=item.slug), item)
        created, updated = created + (row is None), updated + (row is not None)
    retired = Path.objects.listed().exclude(slug__in=[*items, *keep]).update(is_listed=False)
    return Counts(created, updated, unchanged, retired)


def digest(item: schema.Path) -> str:
    """Return "sha256:…" of all that the rows are made from; lines do not count."""
    data: dict[str, Any] = asdict(item)
    for step in (step for unit in data["units"] for step in unit["steps"]):
        del step["line"]
        if step["lesson"]:
            del step["lesson"]["figures"], step["lesson"]["anchors"]  # they are in the body
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _save_path(row: Path, item: schema.Path) -> None:
    row.title, row.summary, row.level = item.title, item.summary, item.level
    row.hours, row.position, row.is_listed = item.hours, item.position, True
    row.digest = digest(item)
    row.full_clean()
    row.save()
    old = {(step.kind, step.slug): step for step in Step.objects.filter(unit__path=row)}
    for position, unit_item in enumerate(item.units):
        unit, _ = Unit.objects.update_or_create(path=row, position=position, defaults={"title": unit_item.title})
        for place, step_item in enumerate(unit_item.steps):
            step = old.pop((step_item.kind, step_item.slug), None) or Step(kind=step_item.kind, slug=step_item.slug)
            _save_step(step, unit, place, step_item)
    # Steps hold no one's work (progress is kept by id), so what left the path goes.
    Step.objects.filter(pk__in=[step.pk for step in old.values()]).delete()
    row.units.filter(position__gte=len(item.units)).delete()


def _save_step(row: Step, unit: Unit, position: int, item: schema.Step) -> None:
    row.unit, row.position = unit, position
    row.title, row.summary, row.minutes = item.title, item.summary, item.minutes
    row.full_clean()
    row.save()
    if item.lesson:
        _save_lesson(row, item.lesson)


def _save_lesson(step: Step, item: schema.Lesson) -> None:
    names = ("body_html", "text", "contents", "objectives", "prerequisites", "further", "sources")
    values = {name: getattr(item, name) for name in names} | {"blocks": [asdict(block) for block in item.blocks]}
    lesson, _ = Lesson.objects.update_or_create(step=step, defaults=values)
    for checkpoint in item.checkpoints:
        question = {"kind": checkpoint.kind, "definition": checkpoint.definition}
        Checkpoint.objects.update_or_create(lesson=lesson, slug=checkpoint.slug, defaults=question)
    lesson.checkpoints.exclude(slug__in=[checkpoint.slug for checkpoint in item.checkpoints]).delete()
