"""The regions of a solution cell: what the author wrote between the markers, and what a learner begins with."""

import ast
import re
from dataclasses import dataclass

MARKER = re.compile(r"^(?P<indent>\s*)###\s*(?P<edge>BEGIN|END) (?P<kind>SOLUTION|STARTER)\s*$")
PLACEHOLDER = "# Your code here"


class BadRegion(Exception):
    """A marker stands where it cannot. `offset` counts lines from the cell's first (0)."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset
        self.message = message


@dataclass(kw_only=True)
class Region:
    """Lines `begin`…`end` (markers included, from 0) of a cell."""

    kind: str
    begin: int
    end: int
    indent: str
    lines: list[str]


@dataclass(frozen=True, kw_only=True)
class Solution:
    """A solution cell taken apart: the reference and the starter, both without markers, and the author's own lines."""

    reference: str
    starter: str
    code: tuple[str, ...]  # one text per region


def split_solution(source: str) -> Solution:
    """Return the reference and the starter of a solution cell. Raises BadRegion."""
    lines = source.splitlines()
    regions = _find(lines)
    solutions = [region for region in regions if region.kind == "SOLUTION"]
    if not solutions:
        raise BadRegion(0, "A solution cell needs a solution between ### BEGIN SOLUTION and ### END SOLUTION.")
    for region in solutions:
        if not any(line.strip() and not line.strip().startswith("#") for line in region.lines):
            raise BadRegion(region.begin, "This solution region is empty.")
    functions = _functions(source)
    replaced = {region.begin: _replacement(region, functions) for region in solutions}
    for region in regions:
        if region.kind == "STARTER":
            replaced[_owner(region, solutions).begin] = [_uncommented(line) for line in region.lines]
    return Solution(
        reference=_assembled(lines, regions, {region.begin: region.lines for region in solutions}),
        starter=_assembled(lines, regions, replaced),
        code=tuple("\n".join(region.lines) for region in solutions),
    )


def _find(lines: list[str]) -> list[Region]:
    regions: list[Region] = []
    opened: tuple[int, str, str] | None = None
    for number, line in enumerate(lines):
        marker = MARKER.match(line)
        if marker is None:
            continue
        kind = marker["kind"]
        if marker["edge"] == "BEGIN":
            if opened:
                raise BadRegion(number, f"### BEGIN {kind} inside a {opened[1]} region; close that one first.")
            opened = (number, kind, marker["indent"])
        else:
            if opened is None or opened[1] != kind:
                raise BadRegion(number, f"### END {kind} without its ### BEGIN {kind}.")
            begin, _, indent = opened
            regions.append(Region(kind=kind, begin=begin, end=number, indent=indent, lines=lines[begin + 1 : number]))
            opened = None
    if opened:
        raise BadRegion(opened[0], f"### BEGIN {opened[1]} without its ### END {opened[1]}.")
    return regions


def _functions(source: str) -> list[tuple[int, int]]:
    """Return first and last line (from 0) of each function. Raises SyntaxError."""
    return [
        (node.lineno - 1, (node.end_lineno or node.lineno) - 1)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _replacement(region: Region, functions: list[tuple[int, int]]) -> list[str]:
    is_inside = any(first < region.begin <= last for first, last in functions)
    raising = [f"{region.indent}raise NotImplementedError"] if is_inside else []
    return [f"{region.indent}{PLACEHOLDER}", *raising]


def _owner(starter: Region, solutions: list[Region]) -> Region:
    before = [region for region in solutions if region.begin < starter.begin]
    return before[-1] if before else solutions[0]


def _uncommented(line: str) -> str:
    return re.sub(r"^(\s*)# ?", r"\1", line)


def _assembled(lines: list[str], regions: list[Region], replaced: dict[int, list[str]]) -> str:
    result: list[str] = []
    position = 0
    for region in regions:
        result += lines[position : region.begin] + replaced.get(region.begin, [])
        position = region.end + 1
    return "\n".join(result + lines[position:]).strip("\n").rstrip()
