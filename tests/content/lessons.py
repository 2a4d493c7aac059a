"""The text of our lessons and exercises as the checks of content need it: code blocks and prose, each with its line."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from markdown_it import MarkdownIt

from exercises.assignment.percent import read_cells

CONTENT = settings.BASE_DIR / "learnpaths/content"
LESSONS = sorted((CONTENT / "paths").glob("*/*/lesson.md"))
FRONT_MATTER = re.compile(r"\A\+\+\+\n(.*?\n)\+\+\+\n", re.DOTALL)
NOT_PROSE = (
    re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE),
    re.compile(r"`[^`]+`"),
    re.compile(r"\$\$.+?\$\$", re.DOTALL),
    re.compile(r"\$[^$\n]+\$"),
    re.compile(r"\]\([^)]*\)|https?://\S+"),
    re.compile(r"^:::.*$", re.MULTILINE),
)


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, the words after it, the text, the line of its first line of text."""

    language: str
    words: tuple[str, ...]
    text: str
    line: int
    is_next: bool  # does it follow the block before it, with nothing in between?


def blocks(lesson: Path) -> list[Block]:
    """Return the fenced blocks of a lesson, in order."""
    tokens = MarkdownIt("commonmark").parse(lesson.read_text())
    found = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        if token.type == "fence":
            language, *words = token.info.split() or [""]
            is_next = before is not None and before.type == "fence"
            found.append(Block(language, tuple(words), token.content, token.map[0] + 2, is_next))
    return found


def without_code(markdown: str) -> str:
    """Return Markdown with code, maths, links' addresses and container lines blanked out, line for line."""
    for pattern in NOT_PROSE:
        markdown = pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), markdown)
    return markdown


def body(lesson: Path) -> str:
    """Return a lesson without its front matter."""
    return FRONT_MATTER.sub("", lesson.read_text())


def front_matter(lesson: Path) -> dict[str, object]:
    return tomllib.loads(FRONT_MATTER.match(lesson.read_text())[1])


def prose() -> Iterator[tuple[Path, int, str]]:
    """Yield every line of prose that a learner reads, as (file, line, text): names in sources and links are left out."""
    for file in sorted(CONTENT.glob("paths/**/*.md")):
        yield from _lines(file, without_code(re.sub(r"(?m)^(sources|further) = .*$", "", file.read_text())))
    for file in sorted(CONTENT.glob("paths/**/*.toml")):
        yield from _lines(
            file, re.sub(r"(?m)^(\[.*|id = .*|kind = .*|steps = .*|level = .*)$", "", without_code(file.read_text()))
        )
    for file in sorted(CONTENT.glob("exercises/*/notebook.py")):
        for cell in read_cells(file).cells:
            if cell.is_markdown:
                yield from _lines(file, without_code(cell.source), cell.line)
            told = [cell.metadata.get("title", ""), cell.metadata.get("feedback", ""), *cell.metadata.get("hints", [])]
            yield from ((file, cell.line - 1, without_code(text)) for text in told)


def _lines(file: Path, text: str, first: int = 1) -> Iterator[tuple[Path, int, str]]:
    for number, line in enumerate(text.splitlines(), start=first):
        yield file, number, line
