"""Two texts of the same cells beside each other: a submission and another, or a submission and the reference."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

from exercises.assignment.definition import Definition


@dataclass(frozen=True)
class Line:
    """One line of a side. `kind` is same, gone (only left), new (only right) or blank (nothing stands beside a line)."""

    kind: str
    text: str = ""


@dataclass(frozen=True, kw_only=True)
class CellComparison:
    """A solution cell's two sides, as many lines on the left as on the right."""

    id: str
    number: int  # of the solution cells, from 1
    left: tuple[Line, ...]
    right: tuple[Line, ...]

    @property
    def is_same(self) -> bool:
        return all(line.kind == "same" for line in self.left)


def compare_sources(definition: Definition, left: Mapping[str, str], right: Mapping[str, str]) -> list[CellComparison]:
    """Return each solution cell of an exercise with the two texts it has; a cell that a side lacks is empty there."""
    comparisons = []
    for number, cell in enumerate(definition.solution_cells, start=1):
        sides = _sides(left.get(cell.id, "").splitlines(), right.get(cell.id, "").splitlines())
        comparisons.append(CellComparison(id=cell.id, number=number, left=sides[0], right=sides[1]))
    return comparisons


def _sides(left: list[str], right: list[str]) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    pairs = [pair for block in _blocks(left, right) for pair in block]
    return tuple(pair[0] for pair in pairs), tuple(pair[1] for pair in pairs)


def _blocks(left: list[str], right: list[str]) -> Iterable[Iterable[tuple[Line, Line]]]:
    for kind, begin, end, other_begin, other_end in SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        if kind == "equal":
            yield ((Line("same", text), Line("same", text)) for text in left[begin:end])
        else:
            gone = [Line("gone", text) for text in left[begin:end]]
            new = [Line("new", text) for text in right[other_begin:other_end]]
            yield zip_longest(gone, new, fillvalue=Line("blank"))
