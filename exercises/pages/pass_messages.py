"""What a result still lacks to be a pass, in words for the learner; the rule itself is `assignment.pass_rule`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True, kw_only=True)
class Lack:
    """One thing that is missing; `checks` are the ids of required checks that did not pass."""

    text: str
    checks: tuple[str, ...] = ()


def summary(report: Mapping[str, Any]) -> str:
    """Return the points in one sentence: all of them, or how many of how many; nothing where no points were counted."""
    if "points" not in report:
        return ""
    if report["points"] == report["max_points"]:
        return _("You have all %(max)s points.") % {"max": report["max_points"]}
    return _("You have %(points)s of %(max)s points.") % {"points": report["points"], "max": report["max_points"]}


def lacks(report: Mapping[str, Any]) -> list[Lack]:
    """Return what keeps a report from being a pass, or nothing for one that passed or is older than the rule in it."""
    rule = report.get("pass_rule")
    if report.get("passed") or not rule:
        return []
    found = []
    if report["points"] < rule["points"]:
        words = _("You need %(needed)s points and have %(points)s.")
        found.append(Lack(text=words % {"needed": rule["points"], "points": report["points"]}))
    hidden = sum(check["points"] for check in report["checks"] if check["hidden"])
    if hidden < rule["hidden_points"]:
        words = _("Of the hidden checks' points you need %(needed)s and have %(points)s.")
        found.append(Lack(text=words % {"needed": rule["hidden_points"], "points": hidden}))
    missing = [check for check in report["checks"] if check["id"] in rule["required"] and check["outcome"] != "passed"]
    if missing:
        titles = "; ".join(check["title"] for check in missing)
        words = ngettext(
            "This check is required and has not passed: %(titles)s.",
            "These checks are required and have not passed: %(titles)s.",
            len(missing),
        )
        found.append(Lack(text=words % {"titles": titles}, checks=tuple(check["id"] for check in missing)))
    return found
