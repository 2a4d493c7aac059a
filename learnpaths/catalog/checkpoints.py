"""Judge an answer to a checkpoint. No Django here: definitions are JSON made by the reader."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Judgement:
    """`explanation` is safe HTML from the course."""

    is_correct: bool
    explanation: str


class NotAnAnswer(ValueError):
    """The answer cannot be judged; nothing was chosen, or it is no number."""


def judge(kind: str, definition: Mapping[str, Any], answer: str) -> Judgement:
    """Return whether the answer (an option's place, or a number as typed) is right, and why. Raises NotAnAnswer."""
    return _judge_choice(definition, answer) if kind == "choice" else _judge_number(definition, answer)


def _judge_choice(definition: Mapping[str, Any], answer: str) -> Judgement:
    options = definition["options"]
    if not (answer.isascii() and answer.isdigit() and int(answer) < len(options)):
        raise NotAnAnswer(answer)
    option = options[int(answer)]
    return Judgement(option["correct"], option["explanation"])


def _judge_number(definition: Mapping[str, Any], answer: str) -> Judgement:
    value, tolerance = parse_number(answer), definition["tolerance"]
    if _is_near(value, definition["answer"], tolerance):
        return Judgement(True, definition["explanation"])
    for mistake in definition["wrong"]:
        if _is_near(value, mistake["value"], tolerance):
            return Judgement(False, mistake["explanation"])
    return Judgement(False, definition["otherwise"])


def _is_near(value: float, target: float, tolerance: float) -> bool:
    # A hair more than the tolerance, so that 0.79 is within 0.01 of 0.8 in binary too.
    return abs(value - target) <= tolerance + 1e-9 * max(1.0, abs(target))


def parse_number(text: str) -> float:
    """Return a number as people type it: 0.8, 0,8, -3, 1e-3. Raises NotAnAnswer."""
    plain = text.strip().replace("\u2212", "-").replace(" ", "")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    try:
        value = float(plain)
    except ValueError:
        raise NotAnAnswer(text) from None
    if not math.isfinite(value) or "_" in plain:
        raise NotAnAnswer(text)
    return value
