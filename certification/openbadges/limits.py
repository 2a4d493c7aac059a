"""How large a badge may be, looked at before any JSON-LD work: what PyLD does with a list can be quadratic or worse.

The numbers are generous for an honest badge (ours has about 25 values and 3 objects per measured number).
"""

import math
from collections.abc import Iterator
from typing import Any

from .errors import Malformed, TooCostly
from .errors import gettext_noop as _

MAX_BYTES = 256 * 2**10
MAX_DEPTH = 24
MAX_VALUES = 3000  # texts, numbers, lists and objects, all counted
MAX_OBJECTS = 600
MAX_ITEMS = 256  # of one list
MAX_MEMBERS = 64  # of one object
MAX_TYPES = 8  # of one object
MAX_ALL_TYPES = 900
MAX_CONTEXTS = 8
MAX_TEXT = 128 * 2**10  # a picture inside the badge is one long text
MAX_NAME = 2048  # ids, types and the names of members


def check(document: dict[str, Any]) -> None:
    """Raise TooCostly or Malformed where a document has more of anything than a badge needs."""
    _check_names("@context", document.get("@context"), MAX_CONTEXTS)
    objects = types = 0
    for values, (depth, name, node) in enumerate(_walk(document)):
        if depth > MAX_DEPTH or values > MAX_VALUES:
            raise TooCostly(_("It has more than %(limit)s values or is nested too deeply."), limit=MAX_VALUES)
        if isinstance(node, dict):
            objects += 1
            types += _check_object(node)
        elif isinstance(node, list) and len(node) > MAX_ITEMS:
            raise TooCostly(
                _("Its list “%(name)s” has %(count)s entries; at most %(limit)s are looked at."),
                name=name[:100],
                count=len(node),
                limit=MAX_ITEMS,
            )
        elif isinstance(node, str) and len(node) > (MAX_NAME if name in ("id", "type", "@context") else MAX_TEXT):
            raise TooCostly(_("Its text “%(name)s” is too long."), name=name[:100])
        elif isinstance(node, float) and not math.isfinite(node):
            raise Malformed(_("It has a number that is not finite."))
        if objects > MAX_OBJECTS or types > MAX_ALL_TYPES:
            raise TooCostly(_("It has more than %(limit)s objects, or too many types."), limit=MAX_OBJECTS)


def _check_object(node: dict[str, Any]) -> int:
    """Return how many types an object has."""
    if len(node) > MAX_MEMBERS:
        raise TooCostly(_("One of its objects has more than %(limit)s members."), limit=MAX_MEMBERS)
    if any(len(name) > MAX_NAME for name in node):
        raise TooCostly(_("The name of one of its members is too long."))
    return _check_names("type", node.get("type"), MAX_TYPES)


def _check_names(member: str, names: Any, limit: int) -> int:
    """Return how many names `type` or `@context` gives. A repeated one says nothing, and costs a pass over the rest."""
    if not isinstance(names, list):
        return int(names is not None)
    if len(names) > limit:
        raise TooCostly(
            _("Its list “%(name)s” has %(count)s entries; at most %(limit)s are looked at."),
            name=member,
            count=len(names),
            limit=limit,
        )
    texts = [name for name in names if isinstance(name, str)]
    if len(set(texts)) < len(texts):
        raise Malformed(_("Its list “%(name)s” has an entry twice."), name=member)
    return len(names)


def _walk(document: dict[str, Any]) -> Iterator[tuple[int, str, Any]]:
    """Yield depth, member and value of everything, each list before its entries: whoever asks may stop in between."""
    stack: list[tuple[int, str, Any]] = [(0, "", document)]
    while stack:
        depth, name, node = stack.pop()
        yield depth, name, node
        if isinstance(node, dict):
            stack.extend((depth + 1, key, value) for key, value in node.items())
        elif isinstance(node, list):
            stack.extend((depth + 1, name, value) for value in node)
