"""How apps add what can be found: documents in the index, and things of one person that are read from their own rows."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PAGE, HEADING, COURSE, TASK, DEFINITION = range(5)  # precedence: what goes first where two match equally well


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A document to be indexed. `key` is unique on the site; `trail` says where it stands; `terms` are other names of what it teaches."""

    key: str
    title: str
    url: str
    trail: str = ""
    terms: str = ""
    text: str = ""
    code: str = ""
    precedence: int = PAGE


@dataclass(frozen=True)
class Kind:
    """A kind of document. `label` heads its group of results; `entries` are all that visitors may find."""

    name: str
    label: Any
    entries: Callable[[], Iterable[Entry]]


@dataclass(frozen=True)
class PersonalResult:
    title: str
    url: str
    note: str = ""


@dataclass(frozen=True)
class PersonalKind:
    """Things that only their owner finds: `find` takes the user and the words that all have to occur."""

    name: str
    label: Any
    find: Callable[[Any, Sequence[str]], Sequence[PersonalResult]]


_kinds: dict[str, Kind] = {}
_personal_kinds: dict[str, PersonalKind] = {}


def register_kind(kind: Kind) -> None:
    _kinds[kind.name] = kind


def register_personal_kind(kind: PersonalKind) -> None:
    _personal_kinds[kind.name] = kind


def kinds() -> Mapping[str, Kind]:
    return _kinds


def personal_kinds() -> Iterable[PersonalKind]:
    return _personal_kinds.values()
