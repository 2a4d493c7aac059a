"""Which cell of an uploaded notebook is which of ours. Editors copy and split cells, forget metadata and give new ids.

Ids decide where they are there. Where they are lost, a cell is known by its text (locked cells) or by the names that it
defines (solution cells), and by the order. What is certain is done and told; where two answers are possible, we ask.
Nothing is executed.
"""

import ast
import builtins
from collections.abc import Iterable
from dataclasses import dataclass, field

from exercises.assignment.definition import Cell, Definition


@dataclass(frozen=True, kw_only=True)
class Given:
    """A cell as it was uploaded: its number from 1, whether it is code, its text, and the id that it claims, or ""."""

    number: int
    is_code: bool
    text: str
    id: str = ""


@dataclass(kw_only=True)
class Matched:
    """The text of each of our cells that was found, what was put right, and (cell id, question) where we must ask."""

    texts: dict[str, str] = field(default_factory=dict)
    wrong_types: list[str] = field(default_factory=list)
    repairs: list[str] = field(default_factory=list)
    questions: list[tuple[str, str]] = field(default_factory=list)
    is_reordered: bool = False


def match_cells(given: list[Given], definition: Definition, ours: Iterable[str] = ()) -> Matched:
    """Return what was found. `ours` are ids of cells that we wrote into the notebook besides the definition's."""
    return _Matching(given, definition, set(ours)).run()


class _Matching:
    def __init__(self, given: list[Given], definition: Definition, ours: set[str]) -> None:
        self.given = given
        self.definition = definition
        self.ours = ours
        self.cells = definition.public_cells
        self.claims: dict[str, list[Given]] = {}
        self.result = Matched()

    def run(self) -> Matched:
        for item in self.given:
            if item.id in self.ours or item.id in {cell.id for cell in self.cells}:
                self.claims.setdefault(item.id, []).append(item)
        self._find_locked_by_text()
        self._settle_ids()
        self._find_solutions_by_names()
        self._tell_order()
        self._take_helpers()
        return self.result

    # --- by id, and locked cells by their text ---

    def _find_locked_by_text(self) -> None:
        free = self._free()
        for cell in self.cells:
            if cell.role != "solution" and cell.id not in self.claims:
                same = [item for item in free if _normal(item.text) == _normal(cell.source)]
                if same:
                    self.claims[cell.id] = same[:1]
                    free.remove(same[0])

    def _settle_ids(self) -> None:
        copies = []
        for cell in self.cells:
            items = self.claims.get(cell.id, [])
            if cell.role == "solution" and items:
                self._settle(cell, items)
            elif items:
                self.result.texts[cell.id] = items[0].text
                copies += [f"#{item.number}" for item in items[1:]]
        if copies:
            self.result.repairs.append(f"Copies of locked cells were left out: {', '.join(copies[:20])}.")

    def _settle(self, cell: Cell, items: list[Given]) -> None:
        """Decide what a solution cell's text is, of all cells that may be it or a part of it."""
        code = [item for item in items if item.is_code]
        if not code:
            self.result.wrong_types.append(cell.id)
            return
        # A copy of the starter is no answer: copying a cell to keep the original is what people do before they change
        # it.
        changed = [item for item in code if _normal(item.text) != _normal(cell.starter)] or code[:1]
        distinct = list({tuple(_normal(item.text)): item for item in changed}.values())
        if len(distinct) == 1:
            self.result.texts[cell.id] = distinct[0].text
            if len(items) > 1:
                self.result.repairs.append(
                    f"The cell {cell.id} was there {len(items)} times; {_numbered(distinct)} counts."
                )
            return
        joined = "\n\n".join(item.text for item in distinct)
        if _is_split(distinct, joined):
            self.result.texts[cell.id] = joined
            self.result.repairs.append(f"The cell {cell.id} was split; its parts {_numbered(distinct)} were joined.")
        else:
            self.result.questions.append(
                (
                    cell.id,
                    f"The cells {_numbered(distinct)} could both be this one. Delete the one that you do not want graded.",
                )
            )

    # --- solution cells whose ids are lost ---

    def _find_solutions_by_names(self) -> None:
        recognised = []
        for cell in self.definition.solution_cells:
            if cell.id in self.claims:
                continue
            wanted = wanted_names(cell)
            low, high = self._between(cell)
            free = [item for item in self._free() if item.is_code and low < item.number < high]
            items = [item for item in free if defined_names(item.text) & wanted]
            if items:
                self.claims[cell.id] = items
                self._settle(cell, items)
                recognised += [f"{_numbered(items)} is {cell.id}"] if cell.id in self.result.texts else []
        if recognised:
            self.result.repairs.append(
                f"Cells without their ids were known by what they define: {'; '.join(recognised)}."
            )

    def _between(self, cell: Cell) -> tuple[int, int]:
        """Return the numbers of the nearest found cells before and after the place of one of ours."""
        place = self.cells.index(cell)
        before = [self.claims[other.id][0].number for other in self.cells[:place] if other.id in self.claims]
        after = [self.claims[other.id][0].number for other in self.cells[place + 1 :] if other.id in self.claims]
        low, high = max(before, default=0), min(after, default=len(self.given) + 1)
        return (low, high) if low < high else (0, len(self.given) + 1)  # reordered: the order tells nothing

    def _free(self) -> list[Given]:
        taken = {item.number for items in self.claims.values() for item in items}
        return [item for item in self.given if item.number not in taken]

    def _tell_order(self) -> None:
        numbers = [self.claims[cell.id][0].number for cell in self.cells if cell.id in self.claims]
        self.result.is_reordered = numbers != sorted(numbers)

    # --- the learner's own cells ---

    def _take_helpers(self) -> None:
        """Put a cell of the learner's own before the next solution cell, if a solution cell uses what it defines."""
        helpers = self._needed()
        left_out = [item for item in self._free() if item.text.strip() and item not in helpers]
        taken = []
        # From the last to the first: each is put on top of what follows it, so they end up in their own order.
        for item in reversed(helpers):
            cell = self._next_changed(item)
            if cell is None:
                left_out.append(item)
                continue
            self.result.texts[cell.id] = _before(item.text, self.result.texts[cell.id])
            taken.append(item)
        if taken:
            self.result.repairs.append(
                f"Your own cells that others use run where they stand: {_numbered(taken[::-1])}. They are not scored."
            )
        if left_out:
            left_out.sort(key=lambda item: item.number)
            numbers = ", ".join(f"#{item.number}" for item in left_out[:20])
            self.result.repairs.append(f"Cells that you added and that no other cell needs were left out: {numbers}.")

    def _needed(self) -> list[Given]:
        known = set(dir(builtins))
        for cell in self.cells:
            known |= defined_names(
                self.result.texts.get(cell.id, cell.source) if cell.role == "solution" else cell.source
            )
        used = set().union(*(used_names(text) for text in self._solutions().values())) - known
        own = [item for item in self._free() if item.is_code and not _asserts(item.text)]
        needed: list[Given] = []
        while more := [item for item in own if item not in needed and defined_names(item.text) & used]:
            needed += more
            used |= set().union(*(used_names(item.text) for item in more)) - known
        return sorted(needed, key=lambda item: item.number)

    def _solutions(self) -> dict[str, str]:
        return {
            cell.id: self.result.texts[cell.id]
            for cell in self.definition.solution_cells
            if cell.id in self.result.texts
        }

    def _next_changed(self, item: Given) -> Cell | None:
        for cell in self.definition.solution_cells:
            # A helper put into an untouched cell would turn it into an attempt that nobody made.
            is_changed = _normal(self.result.texts.get(cell.id, cell.starter)) != _normal(cell.starter)
            if is_changed and cell.id in self.claims and self.claims[cell.id][0].number > item.number:
                return cell
        return None


def wanted_names(cell: Cell) -> set[str]:
    """Return the names by which a solution cell is known: its functions and classes, or what its starter assigns."""
    reference = _tree(cell.source)
    functions = (
        {node.name for node in reference.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
        if reference
        else set()
    )
    return functions or (defined_names(cell.starter) & defined_names(cell.source)) or defined_names(cell.source)


def defined_names(source: str) -> set[str]:
    """Return the names that a cell's code binds at its top level; none where it is not valid Python."""
    tree = _tree(source)
    names: set[str] = set()
    for node in tree.body if tree else []:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(name.asname or name.name).partition(".")[0] for name in node.names}
        else:
            names |= {
                child.id for child in ast.walk(node) if isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store)
            }
    return names


def used_names(source: str) -> set[str]:
    """Return every name that a cell's code reads."""
    tree = _tree(source)
    return (
        {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        if tree
        else set()
    )


def _is_split(parts: list[Given], joined: str) -> bool:
    """Tell whether parts are one cell that was cut: together they are Python, and no name is defined in two of them."""
    names = [name for part in parts for name in defined_names(part.text)]
    return _tree(joined) is not None and len(names) == len(set(names))


def _tree(source: str) -> ast.Module | None:
    lines = [_without_magic(line) for line in source.splitlines()]
    try:
        return ast.parse("\n".join(lines))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_magic(line: str) -> str:
    bare = line.lstrip()
    return line[: len(line) - len(bare)] + "pass" if bare.startswith(("%", "!")) else line


def _asserts(source: str) -> bool:
    """Tell whether a cell tests something: a check of an older version, or one of the learner's own."""
    tree = _tree(source)
    return tree is not None and any(isinstance(node, ast.Assert) for node in tree.body)


def _before(helper: str, source: str) -> str:
    first, _, rest = source.partition("\n")
    return f"{first}\n{helper}\n\n\n{rest}" if first.startswith("%%") else f"{helper}\n\n\n{source}"


def _numbered(items: Iterable[Given]) -> str:
    return " and ".join(f"#{item.number}" for item in items)


def _normal(source: str) -> list[str]:
    return [line.rstrip() for line in source.strip().splitlines()]
