"""A folder of paths → `schema.Path` by id, and every problem found, as file:line: message. No Django here."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from learnpaths.catalog import markdown, schema
from learnpaths.catalog.blocks import split_body
from learnpaths.catalog.registry import Link, Reading
from learnpaths.catalog.tables import Problem, SourceFile, Table, is_id

_FRONT_MATTER = re.compile(r"\A\+\+\+[ \t]*\n(.*?\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)


def read(folder: Path) -> Reading:
    """Return the paths in `folder` (the `paths` of a content root); files in problems are relative to the root."""
    paths: dict[str, schema.Path] = {}
    problems: list[Problem] = []
    links: list[Link] = []
    for path_folder in sorted(child for child in folder.iterdir() if child.is_dir() and child.name[0] not in "._"):
        reader = _PathReader(folder.parent, path_folder)
        path = reader.read()
        problems += reader.problems
        links += reader.links
        if path:
            paths[path.slug] = path
    return Reading(dict(paths), sorted(set(problems)), links)


class _File(SourceFile):
    """A file of a path; its links are noted, to be checked when all content is read."""

    def __init__(self, root: Path, path: Path, problems: list[Problem], links: list[Link]) -> None:
        super().__init__(path, path.relative_to(root).as_posix(), problems)
        self.anchors: frozenset[str] = frozenset()
        self._links = links

    def link(self, href: str, line: int) -> None:
        self._links.append(Link(href, self.name, line, self.anchors))

    def fragment(self, table: Table, name: str, default: str | None = None) -> str:
        """Return a key's Markdown as HTML."""
        line = table.line(name)
        rendering = markdown.render_fragment(table.text(name, default=default), line=line)
        for _, message in rendering.problems:
            table.report(f"`{name}`: {message}", name)
        for href, _ in rendering.links:
            self.link(href, line)
        return rendering.html.strip()


class _PathReader:
    """Reads one path with its lessons."""

    def __init__(self, root: Path, folder: Path) -> None:
        self.root = root
        self.folder = folder
        self.problems: list[Problem] = []
        self.links: list[Link] = []

    def read(self) -> schema.Path | None:
        file = self._file("path.toml")
        if not is_id(self.folder.name):
            file.report(0, f"The folder's name {self.folder.name!r} is no id: lower-case words joined by hyphens.")
        table = file.table()
        if table is None:
            self._read_unnamed_lessons()
            return None
        path = schema.Path(
            slug=self.folder.name,
            file=file.name,
            title=table.text("title", maximum=120),
            summary=table.text("summary"),
            level=table.one_of("level", schema.LEVELS),
            hours=table.whole("hours", minimum=1, maximum=1000),
            position=table.whole("position", minimum=0, maximum=10_000),
            units=tuple(self._read_unit(file, unit) for unit in table.tables("unit", required=True)),
        )
        table.finish()
        self._check_steps(file, path)
        return path

    def _file(self, name: str) -> _File:
        return _File(self.root, self.folder / name, self.problems, self.links)

    def _read_unit(self, file: _File, table: Table) -> schema.Unit:
        title = table.text("title", maximum=120)
        names = table.texts("steps", required=True)
        lines = _lines_of((self.folder / "path.toml").read_text(), names, table.line("steps"))
        table.finish()
        steps = (self._read_step(file, name, line) for name, line in zip(names, lines, strict=True))
        return schema.Unit(title=title, steps=tuple(step for step in steps if step))

    def _read_step(self, file: _File, name: str, line: int) -> schema.Step | None:
        kind, colon, slug = name.partition(":")
        if not (colon and kind and is_id(slug)):
            file.report(line, f'A step is "kind:id", such as "lesson:first-steps"; {name!r} is not.')
            return None
        if kind != "lesson":
            return schema.Step(kind=kind, slug=slug, line=line)
        if not (self.folder / slug).is_dir():
            file.report(line, f"There is no folder for the lesson {slug!r}.")
            return None
        lesson = self._read_lesson(slug)
        if lesson is None:
            return None
        return schema.Step(
            kind=kind,
            slug=slug,
            line=line,
            title=lesson.title,
            summary=lesson.summary,
            minutes=lesson.minutes,
            lesson=lesson,
        )

    def _check_steps(self, file: _File, path: schema.Path) -> None:
        """Each step once, each lesson folder used."""
        counts = Counter((step.kind, step.slug) for step in path.steps)
        for step in path.steps:
            if counts[step.kind, step.slug] > 1:
                file.report(step.line, f"The step {step.kind}:{step.slug} is on this path more than once.")
        source = (self.folder / file.name.rpartition("/")[2]).read_text()
        for slug in self._lesson_folders():
            if f"lesson:{slug}" not in source:
                self._file(f"{slug}/lesson.md").report(0, f'No unit of {file.name} has the step "lesson:{slug}".')

    def _lesson_folders(self) -> list[str]:
        return sorted(child.parent.name for child in self.folder.glob("*/lesson.md"))

    def _read_unnamed_lessons(self) -> None:
        """Without a path.toml that can be read, still find the problems of its lessons."""
        for slug in self._lesson_folders():
            self._read_lesson(slug)

    def _read_lesson(self, slug: str) -> schema.Lesson | None:
        file = self._file(f"{slug}/lesson.md")
        text = file.text()
        if text is None:
            return None
        front = _FRONT_MATTER.match(text)
        if front is None:
            file.report(1, "A lesson begins with TOML front matter between two lines of `+++`.")
            return None
        table = file.parse_table(front[1], first_line=2)
        rendering = markdown.render_page(text[front.end() :], first_line=front[0].count("\n") + 1)
        for line, message in rendering.problems:
            file.report(line, message)
        file.anchors = frozenset(rendering.anchors)
        for href, line in rendering.links:
            file.link(href, line)
        if not rendering.text:
            file.report(front[0].count("\n") + 1, "The lesson has no text.")
        checkpoints = self._read_checkpoints(slug, file.anchors)
        _check_places(file, rendering.checkpoints, checkpoints)
        if table is None:
            return None
        lesson = schema.Lesson(
            slug=slug,
            title=table.text("title", maximum=120),
            summary=table.text("summary"),
            minutes=table.whole("minutes", minimum=1, maximum=600),
            body_html=rendering.html,
            blocks=tuple(split_body(rendering.html)),
            text=rendering.text,
            contents=rendering.contents,
            objectives=table.texts("objectives", required=True),
            prerequisites=table.texts("prerequisites"),
            further=[_read_link(file, item) for item in table.tables("further")],
            sources=table.texts("sources"),
            checkpoints=tuple(checkpoints),
            figures=tuple(rendering.figures),
            anchors=file.anchors,
        )
        table.finish()
        return lesson

    def _read_checkpoints(self, slug: str, anchors: frozenset[str]) -> list[schema.Checkpoint]:
        file = self._file(f"{slug}/checkpoints.toml")
        file.anchors = anchors
        if not (self.folder / slug / "checkpoints.toml").exists():
            return []
        table = file.table()
        if table is None:
            return []
        checkpoints = [_read_checkpoint(file, item) for item in table.tables("checkpoint", required=True)]
        table.finish()
        counts = Counter(checkpoint.slug for checkpoint in checkpoints)
        for twice in (name for name, count in counts.items() if count > 1):
            file.report(0, f"The id {twice!r} is given to more than one checkpoint.")
        return checkpoints


def _lines_of(source: str, names: Sequence[str], first_line: int) -> list[int]:
    """Return the line of each step's text, searched from where the list begins."""
    lines = source.splitlines()
    numbers = []
    for name in names:
        quoted = (f'"{name}"', f"'{name}'")
        places = (line for line in range(first_line, len(lines) + 1) if any(text in lines[line - 1] for text in quoted))
        numbers.append(next(places, first_line))
    return numbers


def _read_link(file: _File, table: Table) -> dict[str, str]:
    link = {"title": table.text("title", maximum=200), "url": table.text("url", maximum=500)}
    table.finish()
    if link["url"] and urlsplit(link["url"]).scheme not in ("http", "https"):
        table.report(f"`url` must start with https:// or http://; {link['url']!r} does not.", "url")
    elif link["url"]:
        file.link(link["url"], table.line("url"))
    return link


def _check_places(file: _File, places: Sequence[tuple[str, int]], checkpoints: Sequence[schema.Checkpoint]) -> None:
    """Each checkpoint stands in the text exactly once."""
    known = {checkpoint.slug for checkpoint in checkpoints}
    seen: set[str] = set()
    for slug, line in places:
        if slug not in known:
            file.report(line, f"checkpoints.toml has no checkpoint {slug!r}.")
        if slug in seen:
            file.report(line, f"The checkpoint {slug!r} stands in the text a second time.")
        seen.add(slug)
    for slug in sorted(known - seen):
        file.report(0, f"The checkpoint {slug!r} of checkpoints.toml stands nowhere in the text.")


def _read_checkpoint(file: _File, table: Table) -> schema.Checkpoint:
    slug = table.text("id", maximum=60)
    if slug and not is_id(slug):
        table.report(f"`id` is {slug!r}; it must be lower-case words joined by hyphens.", "id")
    kind = table.one_of("kind", schema.CHECKPOINT_KINDS)
    definition: dict[str, object] = {"prompt": file.fragment(table, "prompt")}
    if kind == "choice":
        definition |= _read_choice(file, table)
    elif kind == "number":
        definition |= _read_number(file, table)
    if kind in schema.CHECKPOINT_KINDS:
        table.finish()
    return schema.Checkpoint(slug=slug, kind=kind, definition=definition)


def _read_choice(file: _File, table: Table) -> dict[str, object]:
    options = []
    for item in table.tables("option", required=True):
        options.append(
            {
                "text": file.fragment(item, "text"),
                "correct": item.flag("correct"),
                "explanation": file.fragment(item, "explanation"),
            }
        )
        item.finish()
    if options and (len(options) < 2 or sum(bool(option["correct"]) for option in options) != 1):
        table.report("A choice needs at least two options, and exactly one with `correct = true`.")
    return {"options": options}


def _read_number(file: _File, table: Table) -> dict[str, object]:
    answer, tolerance = table.number("answer"), table.number("tolerance")
    if tolerance < 0:
        table.report("`tolerance` must not be negative.", "tolerance")
    return {
        "answer": answer,
        "tolerance": tolerance,
        "unit": table.text("unit", maximum=30, default=""),
        "explanation": file.fragment(table, "explanation"),
        "otherwise": file.fragment(table, "otherwise"),
        "wrong": [_read_mistake(file, item, answer, tolerance) for item in table.tables("wrong")],
    }


def _read_mistake(file: _File, table: Table, answer: float, tolerance: float) -> dict[str, object]:
    value = table.number("value")
    if "value" in table.values and abs(value - answer) <= tolerance:
        table.report(f"{value:g} is a right answer (within {tolerance:g} of {answer:g}).", "value")
    mistake = {"value": value, "explanation": file.fragment(table, "explanation")}
    table.finish()
    return mistake
