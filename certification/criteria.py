"""The sentences of a credential, made from what is enforced: no sentence is written by hand, so none says more than was checked.

Markdown, in English, because it is signed. Pure: no database.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from exercises.assignment.definition import Check, Definition, Threshold

# What a credential on a path asks for; the only rule there is. `accomplishment` enforces it, `narrative` says it.
RULE = {"lessons": "read", "checkpoints": "answered", "exercises": "passed"}
_SHARE = re.compile(r"[%‰‱٪]|\bper ?cent\b", re.IGNORECASE)
_SPECIAL = re.compile(r"([\\`*_\[\]<>#$&|~])")


@dataclass(frozen=True, kw_only=True)
class Course:
    """A path as the sentences count it."""

    title: str
    lessons: int
    checkpoints: int


def narrative(course: Course, exercises: Sequence[Definition], note: str = "") -> str:
    """Return how the credential is earned, as Markdown; `exercises` are the versions that have to be, or were, passed."""
    conditions = [*_reading(course), f"{_all(len(exercises), 'exercise')} passed"]
    rules = [pass_words(definition) for definition in exercises]
    is_one_rule = len(set(rules)) == 1
    parts = [
        f"Awarded for completing the path *{plain(course.title)}*:",
        "\n".join(f"- {condition}{',' if condition is not conditions[-1] else '.'}" for condition in conditions),
        "The exercises, and what had to be reached in each:",
        "\n".join(
            _item(definition, "" if is_one_rule else rule) for definition, rule in zip(exercises, rules, strict=True)
        ),
        f"{'Each' if len(rules) > 1 else 'The'} exercise was passed with {rules[0]}." if is_one_rule else "",
        "The notebooks were run and checked by this site's examiner, apart from the learner's program.",
        note,
    ]
    return "\n\n".join(part for part in parts if part)


def claims(definition: Definition) -> tuple[Threshold, ...]:
    """Return the thresholds that a pass proves: those of required checks."""
    required = {check.id for check in definition.checks if check.required}
    return tuple(threshold for threshold in definition.thresholds if threshold.check in required)


def unsaid(definition: Definition) -> Iterable[Threshold]:
    """Return the claims that no sentence can state, because their name has a number of its own."""
    return (threshold for threshold in claims(definition) if has_number(phrase(threshold)))


def phrase(threshold: Threshold) -> str:
    """Return what a sentence calls the metric."""
    return threshold.words or threshold.metric


def bound(value: float, better: str) -> str:
    """Return "at least 0.83" or, where lower is better, "at most 0.2"; the number exactly, never as a power of ten."""
    return f"{'at most' if better == 'lower' else 'at least'} {exact(value)}"


def exact(value: float) -> str:
    return format(Decimal(repr(value)).normalize(), "f")


def pass_words(definition: Definition) -> str:
    """Return what it took to pass that version."""
    words = [f"at least {definition.pass_percent} % of its points"]
    if definition.pass_hidden_percent and definition.max_hidden_points:
        words.append(f"{definition.pass_hidden_percent} % of the points of its hidden checks")
    if any(check.required for check in definition.checks):
        words.append("each of its required checks")
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def has_number(text: str) -> bool:
    """Return whether a text says a number or a share, which only a measurement may; the 1 of F1 and Conv1D is none."""
    begins = (unicodedata.category(word[0]) for word in re.findall(r"[^\W_]+", text))
    return any(kind.startswith("N") for kind in begins) or bool(_SHARE.search(text))


def plain(text: str) -> str:
    """Return text in one line of Markdown that means just these characters."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def _reading(course: Course) -> Iterable[str]:
    if course.lessons:
        yield f"{_all(course.lessons, 'lesson')} marked as read"
    if course.checkpoints:
        yield f"{_all(course.checkpoints, 'checkpoint')} of the lessons answered (ungraded questions in the text: any answer counts)"


def _all(number: int, noun: str) -> str:
    return f"all {number} {noun}s" if number > 1 else f"the only {noun}"


def _item(definition: Definition, rule: str) -> str:
    stated = [threshold for threshold in claims(definition) if not has_number(phrase(threshold))]
    sentences = ["; ".join(_claim(threshold) for threshold in stated), _required(definition, stated)]
    if rule:
        sentences.append(f"Passed with {rule}")
    text = " ".join(f"{sentence}." for sentence in sentences if sentence)
    return f"- **{plain(definition.title)}**" + (f": {text}" if text else "")


def _claim(threshold: Threshold) -> str:
    words = plain(phrase(threshold))
    return f"{words}{',' if ',' in words else ''} {bound(threshold.value, threshold.better)}"


def _required(definition: Definition, stated: Sequence[Threshold]) -> str:
    """Name the required checks that have no metric; a title with a number in it would state what nobody measured."""
    measured = {threshold.check for threshold in stated}
    named = [
        check for check in definition.checks if check.required and check.id not in measured and _may_be_named(check)
    ]
    return f"Checked: {'; '.join(f'“{plain(check.title)}”' for check in named)}" if named else ""


def _may_be_named(check: Check) -> bool:
    return bool(check.title.strip()) and not has_number(check.title)
