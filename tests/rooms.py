"""Counts the rooms of each app, the arrows between them and the floors that they make: `make rooms`.

A room is a module or a package directly in an app (`kernels.host` is one of its own: another process runs it). An arrow is "some module
of this room imports one of that". The floors are the longest way down; rooms that import each other in a circle stand on one floor.
"""

import sys
from pathlib import Path

import grimp

APPS = (
    "exercises",
    "certification",
    "learnpaths.accounts",
    "learnpaths.catalog",
    "learnpaths.core",
    "learnpaths.progress",
)
OWN_ROOM = ("exercises.kernels.host",)
LEFT_OUT = ("migrations",)


def rooms_of(graph: grimp.ImportGraph, app: str) -> dict[str, str]:
    """Return the room of each module of an app."""
    rooms = {}
    for module in graph.modules:
        if not module.startswith(f"{app}."):
            continue
        own = next((name for name in OWN_ROOM if module == name or module.startswith(f"{name}.")), "")
        room = own or ".".join(module.split(".")[: app.count(".") + 2])
        if room.rpartition(".")[2] not in LEFT_OUT:
            rooms[module] = room
    return rooms


def arrows_of(graph: grimp.ImportGraph, rooms: dict[str, str]) -> dict[str, set[str]]:
    """Return the rooms that each room imports."""
    arrows: dict[str, set[str]] = {room: set() for room in rooms.values()}
    for module, room in rooms.items():
        imported = {rooms[name] for name in graph.find_modules_directly_imported_by(module) if name in rooms}
        arrows[room] |= imported - {room}
    return arrows


def circles_of(arrows: dict[str, set[str]]) -> list[frozenset[str]]:
    """Return the rooms that reach each other, each group once; a room in no circle is a group of its own."""
    reach = {room: _reachable(arrows, room) for room in arrows}
    groups = (frozenset({room, *(other for other in reach[room] if room in reach[other])}) for room in arrows)
    return list(dict.fromkeys(groups))


def _reachable(arrows: dict[str, set[str]], room: str) -> set[str]:
    seen, waiting = set(), list(arrows[room])
    while waiting:
        if (other := waiting.pop()) not in seen:
            seen.add(other)
            waiting += arrows[other]
    return seen


def floors_of(arrows: dict[str, set[str]]) -> int:
    """Return how many rooms the longest way down passes."""
    groups = circles_of(arrows)
    of_room = {room: group for group in groups for room in group}
    below = {group: {of_room[other] for room in group for other in arrows[room]} - {group} for group in groups}
    heights: dict[frozenset[str], int] = {}

    def height(group: frozenset[str]) -> int:
        if group not in heights:
            heights[group] = 1 + max(map(height, below[group]), default=0)
        return heights[group]

    return max(map(height, groups), default=0)


def main() -> None:
    sys.path.insert(0, str(Path.cwd()))
    graph = grimp.build_graph(
        "learnpaths", "exercises", "certification", exclude_type_checking_imports=True, cache_dir=None
    )
    print(f"{'app':<22}{'rooms':>6}{'floors':>8}{'arrows':>8}{'circles':>9}")  # noqa: T201 - a command's answer
    for app in APPS:
        arrows = arrows_of(graph, rooms_of(graph, app))
        circles = [group for group in circles_of(arrows) if len(group) > 1]
        count = sum(map(len, arrows.values()))
        print(f"{app:<22}{len(arrows):>6}{floors_of(arrows):>8}{count:>8}{len(circles):>9}")  # noqa: T201
        for group in circles:
            print(f"  circle: {', '.join(sorted(room.removeprefix(f'{app}.') for room in group))}")  # noqa: T201


if __name__ == "__main__":
    main()
