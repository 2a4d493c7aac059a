"""Which content root an item comes from, so that loading one root retires nothing of another."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path as Folder

from django.conf import settings

from learnpaths.catalog.models import Origin


@dataclass(frozen=True)
class Listed:
    """What of a kind is listed now and not among what was read: `lost` goes, `kept` belongs to other roots."""

    lost: frozenset[str]
    kept: frozenset[str]


def name(root: Folder) -> str:
    return str(root.resolve())


def divide(folder: str, missing: Collection[str], roots: Sequence[Folder], *, others_too: bool) -> Listed:
    """Divide listed items that no loaded root has any more. `others_too`: the loaded roots are all there is."""
    known = dict(Origin.objects.filter(folder=folder, item__in=missing).values_list("item", "root"))
    loaded = {name(root) for root in roots}
    is_whole = loaded >= {name(root) for root in settings.CONTENT_DIRS}

    def is_lost(item: str) -> bool:
        root = known.get(item)
        if others_too or root in loaded:
            return True
        # From before origins were kept, or from a folder that is no more: a load of everything decides.
        return is_whole and (root is None or not Folder(root).is_dir())

    lost = frozenset(filter(is_lost, missing))
    return Listed(lost, frozenset(missing) - lost)


def remember(folder: str, origins: Mapping[str, str]) -> None:
    """Keep where each item was just loaded from."""
    known = {origin.item: origin for origin in Origin.objects.filter(folder=folder, item__in=origins)}
    moved = [origin for origin in known.values() if origin.root != origins[origin.item]]
    for origin in moved:
        origin.root = origins[origin.item]
    Origin.objects.bulk_update(moved, ["root"])
    Origin.objects.bulk_create(
        Origin(folder=folder, item=item, root=root) for item, root in origins.items() if item not in known
    )


def name_roots(folder: str, items: Iterable[str]) -> list[str]:
    """Return the roots that items come from."""
    return sorted(set(Origin.objects.filter(folder=folder, item__in=list(items)).values_list("root", flat=True)))
