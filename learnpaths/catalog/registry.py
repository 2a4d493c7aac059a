"""How upper apps add a kind of step and a kind of content without the catalog knowing them.

Call both from `AppConfig.ready`. No Django here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from learnpaths.catalog.tables import Problem

if TYPE_CHECKING:
    from learnpaths.catalog.models import Step

PATHS_ORDER = (
    20  # paths are saved after what their steps are (exercises: 10) and before what refers to paths (credentials: 30)
)


@dataclass(frozen=True)
class Link:
    """A link in the text at `file:line`; `anchors` are the ids of the headings on the page that the text becomes."""

    href: str
    file: str
    line: int
    anchors: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reading:
    """What a folder holds: items by id, every problem found in one go, and the links, to be checked when all is read."""

    items: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


@dataclass(frozen=True)
class Counts:
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    retired: int = 0


@dataclass(frozen=True)
class Reference:
    """An item of one content folder names an item of another, at `file:line`."""

    folder: str
    id: str
    file: str
    line: int = 0


@dataclass(frozen=True)
class StepKind:
    """A kind of step. `folder` is the content folder whose items (with `title`, `minutes`, `summary`) are its steps."""

    name: str
    label: Any
    url: "Callable[[Step], str]"
    folder: str = ""

    @property
    def content_folder(self) -> str:
        return self.folder or f"{self.name}s"


@dataclass(frozen=True)
class ContentKind:
    """A kind of content: a folder of each content root.

    `read` knows no database; `save` runs in the loader's transaction, kinds with a lower `order` first, and retires
    what is not among its items. A kind that says what is `listed` in the database is also given, as a second argument, the
    ids that it must keep: they come from content roots that are not being loaded. `references` names what the items rely
    on in other folders. `check` finds what is wrong between its items and those of all folders (by folder and id). `notes`
    says, after a load, what is no mistake in the files but stands in the way of whoever uses them.
    """

    folder: str
    read: Callable[[Path], Reading]
    save: Callable[..., Counts]
    order: int
    references: Callable[[Mapping[str, Any]], Iterable[Reference]] = lambda items: ()
    notes: Callable[[], Iterable[str]] = tuple
    check: Callable[[Mapping[str, Any], Mapping[str, Mapping[str, Any]]], Iterable[Problem]] = lambda items, others: ()
    listed: Callable[[], Iterable[str]] | None = None


_step_kinds: dict[str, StepKind] = {}
_content_kinds: dict[str, ContentKind] = {}


def register_step_kind(kind: StepKind) -> None:
    _step_kinds[kind.name] = kind


def register_content(kind: ContentKind) -> None:
    _content_kinds[kind.folder] = kind


def step_kind(name: str) -> StepKind:
    """Return the kind of that name. Raises KeyError with the known names."""
    try:
        return _step_kinds[name]
    except KeyError:
        raise KeyError(f"{name!r} is no kind of step; known: {', '.join(sorted(_step_kinds))}") from None


def step_kinds() -> Mapping[str, StepKind]:
    return _step_kinds


def content_kinds() -> list[ContentKind]:
    """Return the kinds of content in the order in which they are saved."""
    return sorted(_content_kinds.values(), key=lambda kind: (kind.order, kind.folder))
