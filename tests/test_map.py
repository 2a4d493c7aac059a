"""docs/architecture.md is true: every module stands on its map once, every name on it exists, and one name means one thing."""

import re
from collections import Counter
from pathlib import Path

import grimp
import pytest
from django.conf import settings

from tests import rooms

ROOT = Path(settings.BASE_DIR)
TEXT = (ROOT / "docs/architecture.md").read_text()
PACKAGES = ("learnpaths", "exercises", "certification")
# What is named by a convention of Django, REST framework or Python, once an app, and is understood without a map
CONVENTIONAL = {
    *(
        "admin",
        "apps",
        "errors",
        "forms",
        "models",
        "querysets",
        "receivers",
        "selectors",
        "serializers",
        "services",
        "tasks",
    ),
    *("registry", "signals", "urls", "views"),
}
NOT_MAPPED = {"migrations", "content", "commands", "formats", "templatetags", "junk", "__pycache__"}


def modules():
    """Return (room, module) of all that is ours, as the map names them."""
    found = []
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            folder = path.parent.relative_to(ROOT)
            if path.name != "__init__.py" and not NOT_MAPPED & set(folder.parts):
                found.append((folder.as_posix(), path.stem))
    return sorted(found)


def rows():
    """Return (room, its modules) of the map's table: names in backticks in the last column, what they are for beside them."""
    for line in TEXT.splitlines():
        cells = [cell.strip() for cell in line.split(" | ")]
        if line.startswith("| `") and len(cells) == 3 and (ROOT / cells[0].strip("|` ")).is_dir():
            yield cells[0].strip("|` "), re.findall(r"(?<!\S)`([a-z_0-9]+)`", cells[2])


def test_every_module_stands_on_the_map_once():
    mapped = Counter((room, name) for room, names in rows() for name in names)
    assert not set(modules()) - set(mapped), "not on the map"
    assert not set(mapped) - set(modules()), "on the map, but gone"
    assert [place for place, times in mapped.items() if times > 1] == []


@pytest.mark.parametrize("page", ["docs/architecture.md", "docs/engine.md", "CONTRIBUTING.md", *(str(path.relative_to(ROOT)) for package in PACKAGES for path in (ROOT / package).rglob("README.md") if "content" not in path.parts)])  # fmt: skip
def test_every_file_that_a_page_names_exists(page):
    text = (ROOT / page).read_text()
    places = [ROOT, ROOT / "learnpaths", ROOT / "exercises", ROOT / "certification", (ROOT / page).parent]
    names = {name for name in re.findall(r"`([\w./-]+\.(?:py|lua|js|md|toml|html))`", text) if "/" in name}
    assert sorted(name for name in names if not any((place / name).exists() for place in places)) == []


def test_every_dotted_name_of_ours_exists():
    graph = {f"{room.replace('/', '.')}.{name}" for room, name in modules()} | {
        room.replace("/", ".") for room, _ in modules()
    }
    for name in re.findall(r"`((?:exercises|certification|learnpaths)\.[\w.]+)`", TEXT):
        parts = name.split(".")
        assert any(".".join(parts[:end]) in graph for end in (len(parts), len(parts) - 1)), name


def test_one_file_name_means_one_thing():
    times = Counter(name for _, name in modules())
    assert sorted(name for name, count in times.items() if count > 1 and name not in CONVENTIONAL) == []


def test_no_rooms_import_each_other_in_a_circle():
    graph = grimp.build_graph(*PACKAGES, exclude_type_checking_imports=True, cache_dir=None)
    for app in rooms.APPS:
        arrows = rooms.arrows_of(graph, rooms.rooms_of(graph, app))
        assert [group for group in rooms.circles_of(arrows) if len(group) > 1] == []


def test_floors_are_counted_from_the_bottom():
    assert rooms.floors_of({"a": {"b"}, "b": {"c"}, "c": set(), "d": {"c"}}) == 3
    assert rooms.floors_of({"a": {"b"}, "b": {"a", "c"}, "c": set()}) == 2
