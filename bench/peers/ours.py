"""Our engine on the same assignments: the whole grading of a submission, from the definition to the report."""

from exercises.assignment.definition import Cell, Check, Definition
from exercises.grading import engine

from .assignments import Assignment
from .graders import WrongResult


def define(assignment: Assignment) -> Definition:
    """Return the assignment as an exercise of ours; a check depends on every solution cell before it."""
    solutions: list[str] = []
    checks: list[Check] = []
    for part in assignment.parts:
        if part.role == "solution":
            solutions.append(part.id)
        if part.role == "check":
            checks.append(Check(id=part.id, title=part.id, points=1, hidden=False, requires=tuple(solutions)))
    return Definition(
        id=f"bench-{assignment.name}",
        title=assignment.says,
        summary="",
        queue="cpu",
        minutes=1,
        pass_percent=100,
        cells=tuple(Cell(id=p.id, role=p.role, source=p.solved, starter=p.starter) for p in assignment.parts),
        checks=tuple(checks),
    )


def grade(definition: Definition) -> None:
    """Grade the finished solution once. Raises WrongResult."""
    report = engine.grade_notebook(definition, definition.reference_sources(), seed=1)
    if not report.passed:
        raise WrongResult(f"We gave {report.points} of {report.max_points} points: {report.checks}")
