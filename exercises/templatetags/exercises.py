"""How results are written: `|plain`, `|outcome`, `|drawn`, `|number`, `|phase`, `|wait`."""

import re
from collections.abc import Iterable
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from exercises.assignment.report import Finding
from exercises.pages.finding_charts import View, views
from exercises.pages.verdict_messages import OUTCOMES

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
def drawn(findings: Iterable[Finding]) -> list[View]:
    """Return the findings of a check as pictures and tables."""
    return views(findings)


@register.filter
def phase(name: str) -> Any:
    return PHASES.get(name, name)


@register.filter
def number(value: Any) -> str:
    """Return a metric with four significant digits; what is not a number as a dash."""
    return f"{value:.4g}" if isinstance(value, int | float) else "\N{EN DASH}"


@register.filter
def wait(seconds: int) -> str:
    """Return a wait as coarsely as it is known: "about 20 seconds", "about 3 minutes"."""
    if seconds < 90:
        tens = max(round(seconds, -1), 10)
        return ngettext("about %(count)d second", "about %(count)d seconds", tens) % {"count": tens}
    minutes = round(seconds / 60)
    return ngettext("about %(count)d minute", "about %(count)d minutes", minutes) % {"count": minutes}
