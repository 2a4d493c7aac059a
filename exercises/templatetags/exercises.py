"""How results are written: `|plain`, `|outcome`, `|number`, `|phase`."""

import re
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from exercises.explanations import OUTCOMES

register = template.Library()
ESCAPE_CODES = re.compile(r"\x1b(\[[0-?]*[ -/]*[@-~]|[@-Z\\-_])")
CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
PHASES: dict[str, Any] = {
    "queued": _("waiting"),
    "start": _("starting"),
    "run": _("your cells"),
    "check": _("checks"),
}


@register.filter
def plain(text: str) -> str:
    """Return text of a notebook without terminal colours, control characters and reversed writing."""
    return CONTROLS.sub("", ESCAPE_CODES.sub("", str(text)))


@register.filter
def outcome(name: str) -> Any:
    return OUTCOMES.get(name, name)


@register.filter
def phase(name: str) -> Any:
    return PHASES.get(name, name)


@register.filter
def number(value: Any) -> str:
    """Return a metric with four significant digits; what is not a number as a dash."""
    return f"{value:.4g}" if isinstance(value, int | float) else "\N{EN DASH}"
