"""What waits at the end of a path. Upper apps say it (`register`, from `AppConfig.ready`), pages of courses show it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from learnpaths.catalog.models import Path


class Goal(NamedTuple):
    """Something to earn on a path: its name and page, and a sentence of what one can do then."""

    path_id: int
    title: str
    url: str
    ability: str


Read = Callable[[Sequence[int]], Iterable[Goal]]
_readers: list[Read] = []


def register(read: Read) -> None:
    """Have `read` asked, in one query of its own, for the goals of paths with these ids."""
    _readers.append(read)


def goals_of(paths: Sequence[Path]) -> dict[int, tuple[Goal, ...]]:
    """Return the goals of each path by its id."""
    by_path: dict[int, list[Goal]] = defaultdict(list)
    for read in _readers:
        for goal in read([path.pk for path in paths]):
            by_path[goal.path_id].append(goal)
    return {path.pk: tuple(by_path[path.pk]) for path in paths}
