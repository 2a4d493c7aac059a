"""What paths and lessons are once they have been read. No Django here."""

from dataclasses import dataclass
from typing import Any

from learnpaths.catalog.blocks import Block

LEVELS = ("beginner", "intermediate", "advanced")
CHECKPOINT_KINDS = ("choice", "number")


@dataclass(frozen=True, kw_only=True)
class Checkpoint:
    """`definition` is what the page shows and judges by (`catalog.checkpoints`), its Markdown rendered."""

    slug: str
    kind: str
    definition: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Lesson:
    slug: str
    title: str
    summary: str
    minutes: int
    body_html: str
    blocks: tuple[Block, ...]
    text: str
    contents: list[dict[str, Any]]
    objectives: list[str]
    prerequisites: list[str]
    further: list[dict[str, str]]
    sources: list[str]
    checkpoints: tuple[Checkpoint, ...]
    figures: tuple[tuple[str, int], ...]  # name and line
    anchors: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Step:
    """A place on a path. Title, minutes and summary of a step that is no lesson come from its own kind of content."""

    kind: str
    slug: str
    line: int
    title: str = ""
    summary: str = ""
    minutes: int = 0
    lesson: Lesson | None = None


@dataclass(frozen=True, kw_only=True)
class Unit:
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True, kw_only=True)
class Path:
    slug: str
    file: str
    title: str
    summary: str
    level: str
    hours: int
    position: int
    units: tuple[Unit, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(step for unit in self.units for step in unit.steps)
