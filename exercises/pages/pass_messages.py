"""What a result still lacks to be a pass, in words for the learner; the rule itself is `assignment.pass_rule`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exercises.assignment.pass_rule import Rule
from exercises.assignment.report import CheckResult, Report


@dataclass(frozen=True, kw_only=True)
class Lack:
    """One thing that is missing; `checks` are the ids of required checks that did not pass."""

    text: str
    checks: tuple[str, ...] = ()


def summary(report: Report) -> str:
    """Return the points in one sentence: all of them, or how many of how many."""
    if report.points == report.max_points:
        return _("You have all %(max)s points.") % {"max": report.max_points}
    return _("You have %(points)s of %(max)s points.") % {"points": report.points, "max": report.max_points}


def lacks(rule: Rule | None, points: int, checks: Sequence[CheckResult]) -> list[Lack]:
    """Return what keeps a result from being a pass by a report's rule; nothing for one that is older than the rule in it."""
    if rule is None:
        return []
    return [*_lacking_points(rule, points), *_lacking_hidden_points(rule, checks), *_lacking_checks(rule, checks)]


def _lacking_points(rule: Rule, points: int) -> Iterable[Lack]:
    if points < rule.points:
        text = _("You need %(needed)s points and have %(points)s.")
        yield Lack(text=text % {"needed": rule.points, "points": points})


def _lacking_hidden_points(rule: Rule, checks: Iterable[CheckResult]) -> Iterable[Lack]:
    points = sum(check.points for check in checks if check.hidden)
    if points < rule.hidden_points:
        text = _("Of the hidden checks' points you need %(needed)s and have %(points)s.")
        yield Lack(text=text % {"needed": rule.hidden_points, "points": points})


def _lacking_checks(rule: Rule, checks: Iterable[CheckResult]) -> Iterable[Lack]:
    missing = [check for check in checks if check.id in rule.required and not check.is_passed]
    if missing:
        text = ngettext(
            "This check is required and has not passed: %(titles)s.",
            "These checks are required and have not passed: %(titles)s.",
            len(missing),
        )
        titles = "; ".join(check.title for check in missing)
        yield Lack(text=text % {"titles": titles}, checks=tuple(check.id for check in missing))
