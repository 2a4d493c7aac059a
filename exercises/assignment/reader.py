"""Exercise folders → definitions. Every problem of a folder is found in one run; a folder with a problem gives none."""

import ast
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exercises.assignment.borrowing import find_borrowed
from exercises.assignment.comparisons import Names, find_vacuous
from exercises.assignment.definition import Cell, Check, Definition, Mutant, Role
from exercises.assignment.openings import read_opens
from exercises.assignment.percent import SourceCell, SourceNotebook, read_cells
from exercises.assignment.regions import BadRegion, Solution, split_solution
from exercises.assignment.settings_file import SettingsFile, read_settings
from exercises.assignment.statement import render_statement
from exercises.assignment.thresholds import check_thresholds
from learnpaths.catalog.tables import Problem, SourceFile, Table, is_id

RESERVED_IDS = {"hidden-checks", "check-tools"}  # the learner's copy has cells of these names
MAX_HINTS = 3
MIN_TELLING = 8  # characters of a line, without spaces, that a hint must not repeat
CARD_KEYS = ("title", "source", "licence")
KEYS: dict[str, set[str]] = {
    "text": set(),
    "setup": set(),
    "examiner": {"before_hidden"},
    "solution": {"hints"},
    "check": {"points", "title", "hidden", "requires", "feedback", "required"},
}

__all__ = ["read_exercise", "read_exercises"]


def read_exercises(folder: Path, data_root: Path) -> tuple[dict[str, Definition], list[Problem]]:
    """Return the sound exercises under a folder by id, and the problems of the others. A missing folder has none."""
    definitions: dict[str, Definition] = {}
    problems: list[Problem] = []
    for item in sorted(folder.iterdir()) if folder.is_dir() else []:
        if item.is_dir() and not item.name.startswith((".", "_")):
            definition, wrong = read_exercise(item, data_root)
            problems += wrong
            if definition:
                definitions[definition.id] = definition
    for name, definition in list(definitions.items()):
        if definition.variant_of and not _is_practice(folder / definition.variant_of):
            message = f"variant_of names {definition.variant_of!r}, which is not an exercise that learners practise on."
            problems.append(Problem(str(folder / name / "exercise.toml"), 1, message))
            del definitions[name]
    return definitions, problems


def _is_practice(folder: Path) -> bool:
    """Tell whether a folder has an exercise outside the exam pool; whether that one is sound is its own matter."""
    settings = read_settings(folder / "exercise.toml")
    return is_id(folder.name) and bool(settings.values) and settings.values.get("pool", "practice") == "practice"


def read_exercise(folder: Path, data_root: Path) -> tuple[Definition | None, list[Problem]]:
    """Return one folder's exercise, or None with every reason why not."""
    settings = read_settings(folder / "exercise.toml")
    draft = _Notebook(source=read_cells(_notebook_file(folder)))
    if not is_id(folder.name):
        settings.report(f"The folder's name {folder.name!r} is no id: lower-case words joined by hyphens.")
    draft.read()
    mutants = _mutants(settings, draft, folder)
    check_thresholds(settings, draft.source, tuple(draft.cells), tuple(draft.checks), draft.lines)
    _check_other_ways(settings, draft)
    data, cards = _data(settings, data_root)
    problems = [*settings.file.problems, *draft.source.problems]
    if problems:
        return None, sorted(problems)
    return (
        Definition(
            id=folder.name,
            **settings.values,
            cells=tuple(draft.cells),
            checks=tuple(draft.checks),
            datasets=settings.datasets,
            data=data,
            cards=cards,
            limits=settings.limits,
            mutants=tuple(mutants),
            thresholds=tuple(threshold for _, threshold in settings.thresholds),
            other_ways=tuple(way for _, way in settings.other_ways),
        ),
        [],
    )


def _notebook_file(folder: Path) -> Path:
    ipynb = folder / "notebook.ipynb"
    return ipynb if ipynb.exists() and not (folder / "notebook.py").exists() else folder / "notebook.py"


@dataclass(kw_only=True)
class _Notebook:
    """The cells and checks found so far in one notebook file; problems go to `source`."""

    source: SourceNotebook
    cells: list[Cell] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    roles: dict[str, Role | None] = field(default_factory=dict)  # of each id, also of cells that have a problem
    since_check: list[str] = field(default_factory=list)  # solution cells after the last check
    needed: list[tuple[int, Check]] = field(default_factory=list)
    opened: list[tuple[int, str]] = field(default_factory=list)  # the checks that cells before hidden ones report for
    lines: dict[str, int] = field(default_factory=dict)  # where each cell's code begins

    def read(self) -> None:
        for item in self.source.cells:
            cell = self._cell(item)
            if cell:
                self.cells.append(cell)
        solutions = self.ids("solution")
        for line, check in self.needed:
            for name in check.requires:
                if name not in solutions:
                    self.source.report(line, f"requires names {name!r}, which is not a solution cell.")
        hidden = {check.id for check in self.checks if check.hidden}
        for line, name in self.opened:
            if name not in hidden:
                self.source.report(line, f"check= names {name!r}, which is not a hidden check.")
        if self.source.cells and not solutions:
            self.source.report(1, "This notebook has no solution cell: a learner would have nothing to do.")
        if self.source.cells and not self.ids("check"):
            self.source.report(1, "This notebook has no check: nothing would be graded.")
        self._refuse_vacuous()
        for cell_id, line, message in find_borrowed(self.cells):
            self.source.report(self.lines[cell_id] + line, message)

    def _refuse_vacuous(self) -> None:
        """Report comparisons that are true of nothing, in the order in which the cells share their names."""
        hidden = {check.id for check in self.checks if check.hidden}
        examined = [cell for cell in self.cells if cell.role in ("check", "examiner")]
        public = [cell for cell in examined if cell.role == "check" and cell.id not in hidden]
        names = Names()
        first = [*public, *(cell for cell in examined if cell.opens)]
        for cell in [*first, *(cell for cell in examined if cell not in first)]:
            for line, message in find_vacuous(cell.source, names):
                self.source.report(self.lines[cell.id] + line, message)

    def ids(self, role: Role) -> set[str]:
        return {cell_id for cell_id, known in self.roles.items() if known == role}

    def _cell(self, item: SourceCell) -> Cell | None:
        head = max(item.line - 1, 1)
        role = self._role(item, head)
        cell_id = self._id(item, head, role)
        if role is None or cell_id is None:
            return None
        for key in item.metadata.keys() - KEYS[role] - {"id", "role"}:
            self.source.report(head, f"{key!r} means nothing on a {role} cell.")
        if role == "text":
            self.source.file.problems += self._statement_problems(item, cell_id)
            return Cell(id=cell_id, role=role, source=item.source, starter=item.source)
        self.lines[cell_id] = item.line
        tree = self._parsed(item, item.source)
        if role == "solution":
            return self._solution(item, cell_id, is_sound=tree is not None)
        if role == "check":
            self._check(item, cell_id, head)
        if tree is None:
            return None
        opens = read_opens(self.source, item, tree) if role == "examiner" else ()
        self.opened += [(head, check) for check in opens]
        return Cell(id=cell_id, role=role, source=item.source, starter=item.source, opens=opens)

    def _role(self, item: SourceCell, head: int) -> Role | None:
        role = item.metadata.get("role", "text" if item.is_markdown else None)
        if item.is_markdown and role != "text":
            self.source.report(head, f"A Markdown cell has the role text, not {role!r}.")
        elif not item.is_markdown and role not in ("setup", "solution", "check", "examiner"):
            self.source.report(head, "A code cell needs role= setup, solution, check or examiner.")
        else:
            return role
        return None

    def _id(self, item: SourceCell, head: int, role: Role | None) -> str | None:
        cell_id = item.metadata.get("id")
        if cell_id is None:
            self.source.report(head, 'This cell has no id; write id="…" after # %%.')
        elif not is_id(cell_id) or cell_id in RESERVED_IDS:
            self.source.report(head, f"{cell_id!r} cannot be a cell's id (lower-case words joined by hyphens).")
        elif cell_id in self.roles:
            self.source.report(head, f"The id {cell_id!r} is used twice.")
        else:
            self.roles[cell_id] = role
            return str(cell_id)
        return None

    def _statement_problems(self, item: SourceCell, cell_id: str) -> list[Problem]:
        _, messages = render_statement(item.source, cell_id=cell_id)
        return [Problem(self.source.file.name, item.line + line, message) for line, message in messages]

    def _parsed(self, item: SourceCell, code: str, what: str = "This cell") -> ast.Module | None:
        try:
            return ast.parse(code)
        except SyntaxError as error:
            line = item.line + (error.lineno or 1) - 1
            self.source.report(line, f"{what} is not valid Python: {error.msg}.")
        except (ValueError, RecursionError, MemoryError) as error:
            self.source.report(item.line, f"{what} is not valid Python: {error}.")
        return None

    def _solution(self, item: SourceCell, cell_id: str, *, is_sound: bool) -> Cell | None:
        self.since_check.append(cell_id)
        if not is_sound:
            return None
        try:
            solution = split_solution(item.source)
        except BadRegion as error:
            self.source.report(item.line + error.offset, error.message)
            return None
        self._parsed(item, solution.starter, "The starter made from this cell")
        hints = self._hints(item, solution)
        return Cell(id=cell_id, role="solution", source=solution.reference, starter=solution.starter, hints=hints)

    def _hints(self, item: SourceCell, solution: Solution) -> tuple[str, ...]:
        hints = item.metadata.get("hints", [])
        head = max(item.line - 1, 1)
        is_list = isinstance(hints, list) and all(isinstance(hint, str) and hint.strip() for hint in hints)
        if not is_list or len(hints) > MAX_HINTS:
            self.source.report(head, f"hints is a list of at most {MAX_HINTS} texts.")
            return ()
        for number, hint in enumerate(hints, start=1):
            if _tells(hint, solution):
                self.source.report(head, f"Hint {number} contains a line of the solution's code.")
        return tuple(hints)

    def _check(self, item: SourceCell, cell_id: str, head: int) -> None:
        values = item.metadata
        points, title, hidden = values.get("points"), values.get("title"), values.get("hidden", False)
        requires, feedback = values.get("requires"), values.get("feedback", "")
        count = len(self.source.problems)
        if not isinstance(points, int) or isinstance(points, bool) or points < 1:
            self.source.report(head, "points is a whole number, at least 1.")
        if not isinstance(title, str) or not title.strip():
            self.source.report(head, 'A check needs a title="…": learners see it.')
        for key in ("hidden", "required"):
            if not isinstance(values.get(key, False), bool):
                self.source.report(head, f"{key} is true or false.")
        if not isinstance(feedback, str):
            self.source.report(head, "feedback is a text.")
        if requires is None:
            # A check right after a check is about the same cells as that one.
            requires = self.since_check or (self.checks[-1].requires if self.checks else [])
        if not isinstance(requires, list | tuple) or not all(isinstance(name, str) for name in requires):
            self.source.report(head, "requires is a list of ids of solution cells.")
        elif not requires:
            self.source.report(head, "No solution cell stands before this check; name what it needs with requires=[…].")
        self.since_check = []
        if len(self.source.problems) > count:
            return
        check = Check(
            id=cell_id,
            title=str(title),
            points=int(points or 0),
            hidden=hidden,
            requires=tuple(requires),
            feedback=feedback,
            required=values.get("required", False),
        )
        self.checks.append(check)
        self.needed.append((head, check))


def _tells(hint: str, solution: Solution) -> bool:
    """Is a whole line of the solution (eight characters or more), or all of a region, in the hint?"""
    text = _squeezed(hint)
    for code in solution.code:
        lines = [_squeezed(line) for line in code.splitlines() if not line.strip().startswith("#")]
        whole = "".join(lines)
        if len(whole) >= 4 and whole in text:
            return True
        if any(len(line) >= MIN_TELLING and line in text for line in lines):
            return True
    return False


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _mutants(settings: SettingsFile, draft: _Notebook, folder: Path) -> list[Mutant]:
    mutants: list[Mutant] = []
    for table, entry in settings.mutants:
        if not is_id(entry.name) or any(mutant.name == entry.name for mutant in mutants):
            table.report(f"{entry.name!r} is not an id, or the name of another mutant.", "name")
            continue
        for check in entry.fails:
            if draft.source.cells and check not in draft.ids("check"):
                table.report(f"The mutant {entry.name} names an unknown check: {check!r}.", "fails")
        mutants.append(
            Mutant(
                name=entry.name,
                why=entry.why,
                fails=entry.fails,
                sources=_mutant_sources(settings, table, folder / "mutants" / f"{entry.name}.py", draft),
                is_baseline=entry.name == settings.baseline,
            )
        )
    if settings.baseline and not any(mutant.is_baseline for mutant in mutants):
        settings.report(f"The baseline {settings.baseline!r} is not one of the mutants.", "mutant", table="baseline")
    return mutants


def _mutant_sources(settings: SettingsFile, table: Table, file: Path, draft: _Notebook) -> dict[str, str]:
    if not file.is_file():
        table.report(f"The file mutants/{file.name} is missing.", "name")
        return {}
    notebook = read_cells(file)
    if not draft.source.cells:
        return {}  # nothing to compare with; the notebook's own problem is enough
    sources: dict[str, str] = {}
    for cell in notebook.cells:
        cell_id = cell.metadata.get("id")
        if cell_id not in draft.ids("solution") or cell_id in sources:
            notebook.report(max(cell.line - 1, 1), f"{cell_id!r} is not a solution cell, or is replaced twice.")
            continue
        sources[cell_id] = cell.source
        try:
            ast.parse(cell.source)
        except SyntaxError as error:
            notebook.report(cell.line + (error.lineno or 1) - 1, f"This cell is not valid Python: {error.msg}.")
    settings.file.problems += notebook.problems
    return sources


def _check_other_ways(settings: SettingsFile, draft: _Notebook) -> None:
    for table, way in settings.other_ways:
        if way.cell and way.cell not in draft.ids("solution"):
            table.report(f"{way.cell!r} is not a solution cell.", "cell")


def _data(settings: SettingsFile, data_root: Path) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Return the sha256 of each file of the exercise's data sets, and what the cards say of the sets."""
    data: dict[str, str] = {}
    cards: dict[str, dict[str, Any]] = {}
    for dataset in settings.datasets:
        path = data_root / dataset / "card.toml"
        if not is_id(dataset) or not path.is_file():
            settings.report(f"There is no data set {dataset!r}: data/{dataset}/card.toml is missing.", "datasets")
            continue
        values = _card(SourceFile(path, str(path), settings.file.problems))
        for name, digest in values.pop("sha256").items():
            data[f"{dataset}/{name}"] = digest
        cards[dataset] = values
    return data, cards


def _card(file: SourceFile) -> dict[str, Any]:
    table = file.table()
    if table is None:
        return {"sha256": {}}
    for key in CARD_KEYS:
        table.text(key)
    digests = table.table("sha256")
    files = digests.values if digests else {}
    if not digests or not all(isinstance(value, str) for value in files.values()):
        table.report("`sha256` must map each file to its sha256.", "sha256")
        files = {}
    else:
        _check_files(file, files)
    known = {key: value for key, value in table.values.items() if isinstance(value, str | int | bool)}
    return {**known, "sha256": files}


def _check_files(card: SourceFile, digests: dict[str, str]) -> None:
    """Report each file that is missing, changed or not on the card."""
    root = card.path.parent
    files = {
        file.relative_to(root).as_posix(): file
        for part in ("public", "held_out")
        for file in (root / part).rglob("*")
        if file.is_file()
    }
    for name in sorted(digests.keys() | files.keys()):
        if name not in files:
            card.report(1, f"The card names {name!r}, which is not there.")
        elif name not in digests:
            card.report(1, f"{name!r} is not on the card.")
        elif _sha256(files[name]) != digests[name]:
            card.report(1, f"{name!r} is not the file of the card: its sha256 differs. Run build.py again.")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
