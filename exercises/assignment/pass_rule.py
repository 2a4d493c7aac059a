"""What it takes to pass an exercise: the only rule, for scoring, pages, certificates and exercise validation. Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from exercises.assignment.definition import Definition


@dataclass(frozen=True)
class Rule:
    """What it takes to pass: so many points in all, so many of the hidden checks' points, and each check of `required`."""

    points: int
    hidden_points: int
    required: tuple[str, ...]


def pass_rule(definition: Definition) -> Rule:
    """Return what it takes to pass an exercise; parts of a point are rounded up."""
    return Rule(
        points=-(-definition.max_points * definition.pass_percent // 100),
        hidden_points=-(-definition.max_hidden_points * definition.pass_hidden_percent // 100),
        required=tuple(check.id for check in definition.checks if check.required),
    )


def is_enough(definition: Definition, passed: Collection[str]) -> bool:
    """Tell whether an exercise is passed by somebody who passed just these checks (ids)."""
    rule = pass_rule(definition)
    points = sum(check.points for check in definition.checks if check.id in passed)
    hidden = sum(check.points for check in definition.checks if check.id in passed and check.hidden)
    return points >= rule.points and hidden >= rule.hidden_points and set(rule.required) <= set(passed)


def unattempted_cells(definition: Definition, sources: dict[str, str]) -> set[str]:
    """Return the ids of solution cells that are missing or unchanged from the starter, but for white space at line ends."""
    return {
        cell.id
        for cell in definition.solution_cells
        if _normal(sources.get(cell.id, cell.starter)) == _normal(cell.starter)
        and _normal(cell.starter) != _normal(cell.source)
    }


def _normal(source: str) -> list[str]:
    return [line.rstrip() for line in source.strip().splitlines()]
