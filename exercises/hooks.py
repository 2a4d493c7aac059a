"""What apps above exercises decide about submissions, without exercises knowing those apps (as catalog.registry does for content).

Register in `AppConfig.ready`. A rule that raises is not caught: nobody sees, submits or counts anything because a rule was broken.
"""

from collections.abc import Callable
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from exercises.models import Exercise

ShareRule = Callable[[int, "Exercise"], str]
VisibilityRule = Callable[[Any], Q]
SubmitRule = Callable[[Any, "Exercise"], None]
CountRule = Callable[[], Q]

_share_rules: list[ShareRule] = []
_visibility_rules: list[VisibilityRule] = []
_submit_rules: list[SubmitRule] = []
_count_rules: list[CountRule] = []


def register_share(rule: ShareRule) -> None:
    """`rule(user_id, exercise)` names whose share of a queue a submission takes (a class, an exam); "" has no opinion."""
    _share_rules.append(rule)


def register_visibility(rule: VisibilityRule) -> None:
    """`rule(user)` selects submissions that a signed-in person may see besides their own."""
    _visibility_rules.append(rule)


def register_submit(rule: SubmitRule) -> None:
    """`rule(user, exercise)` raises a `learnpaths.core.problems.Problem` where this person may not submit now, saying why and until when.

    It is called in the transaction that stores the submission, with the person's row locked: what it counts cannot change meanwhile.
    """
    _submit_rules.append(rule)


def register_count(rule: CountRule) -> None:
    """`rule()` selects the submissions whose result may count for a grade; every rule must hold."""
    _count_rules.append(rule)


def share_of(user_id: int, exercise: "Exercise") -> str:
    """Return whose share of a queue a submission takes: what the first rule with an opinion says, else the learner's own."""
    shares = (rule(user_id, exercise) for rule in _share_rules)
    return next(filter(None, shares), f"learner:{user_id}")


def visible_to(user: Any) -> Q:
    """Return the submissions that a signed-in person may see besides their own: those of any rule, or none."""
    return reduce(or_, (rule(user) for rule in _visibility_rules), Q(pk__in=[]))


def check_may_submit(user: Any, exercise: "Exercise") -> None:
    """Raise the Problem of the first rule by which this person may not submit now."""
    for rule in _submit_rules:
        rule(user, exercise)


def counting() -> Q:
    """Return the submissions whose result may count for a grade, as far as apps above decide it."""
    return reduce(and_, (rule() for rule in _count_rules), Q())
