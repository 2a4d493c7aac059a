"""Exercise folders → definitions. Every problem of a folder is found in one run; a folder with a problem gives none."""

import ast
import hashlib
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from exercises.assignment.borrowing import find_borrowed
from exercises.assignment.comparisons import Names, find_vacuous
from exercises.assignment.definition import Cell, Check, Definition, Mutant, Role
from exercises.assignment.openings import read_opens
from exercises.assignment.percent import Problem, SourceCell, SourceNotebook, read_cells
from exercises.assignment.regions import BadRegion, Solution, split_solution
from exercises.assignment.settings_file import SettingsFile, read_settings
from exercises.assignment.statement import render_statement
from exercises.assignment.thresholds import check_thresholds

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MAX_ID = 60
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

__all__ = ["Problem", "read_exercise", "read_exercises"]


def read_exercises(folder: Path, data_root: Path) -> tuple[dict[str, Definition], list[Problem]]:
    """Return the sound exercises under a folder by id, and the problems of the others. A missing folder has none."""
    definitions: dict[str, Definition] = {}
    problems: list[Problem] = []
    for item in sorted(folder.iterdir()) if folder.is_dir() else []:
        if item.is_dir() and not item.name.startswith((".", "_")):
            definition, found = read_exercise(item, data_root)
            problems += found
            if definition:
                definitions[definition.id] = definition
    for name, definition in list(definitions.items()):
        if definition.variant_of and not _is_practice(folder / definition.variant_of):
            message = f"variant_of names {definition.variant_of!r}, which is not an exercise that learners practise on."
            problems.append(Problem(file=folder / name / "exercise.toml", line=1, message=message))
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
        settings.report(f"The folder's name {folder.name!r} is not an id (lower-case words joined by hyphens).")
    draft.read()
    mutants = _mutants(settings, draft, folder)
    check_thresholds(settings, draft.source, tuple(draft.cells), tuple(draft.checks), draft.lines)
    _check_other_ways(settings, draft)
    data, cards = _data(settings, data_root)
    problems = [*settings.problems, *draft.source.problems]
    if problems:
        return None, sorted(problems, key=lambda problem: (str(problem.file), problem.line))
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
            thresholds=tuple(settings.thresholds),
            other_ways=tuple(settings.other_ways),
        ),
        [],
    )


def is_id(text: Any) -> bool:
    return isinstance(text, str) and len(text) <= MAX_ID and ID.fullmatch(text) is not None


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
        return {cell_id for cell_id, found in self.roles.items() if found == role}

    def _cell(self, item: SourceCell) -> Cell | None:
        head = max(item.line - 1, 1)
        role = self._role(item, head)
        cell_id = self._id(item, head, role)
        if role is None or cell_id is None:
            return None
        for key in item.metadata.keys() - KEYS[role] - {"id", "role"}:
            self.source.report(head, f"{key!r} means nothing on a {role} cell.")
        if role == "text":
            self.source.problems += self._statement_problems(item, cell_id)
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
        found = render_statement(item.source, cell_id=cell_id)[1]
        return [Problem(file=self.source.file, line=item.line + line, message=message) for line, message in found]

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
    for item in settings.mutants:
        at = {"table": "mutant", "index": item["index"]}
        if not is_id(item["name"]) or any(mutant.name == item["name"] for mutant in mutants):
            settings.report(f"{item['name']!r} is not an id, or the name of another mutant.", "name", **at)
            continue
        for check in item["fails"]:
            if draft.source.cells and check not in draft.ids("check"):
                settings.report(f"The mutant {item['name']} names an unknown check: {check!r}.", "fails", **at)
        mutants.append(
            Mutant(
                name=item["name"],
                why=item["why"],
                fails=tuple(item["fails"]),
                sources=_mutant_sources(settings, folder / "mutants" / f"{item['name']}.py", draft, at),
                is_baseline=item["name"] == settings.baseline,
            )
        )
    if settings.baseline and not any(mutant.is_baseline for mutant in mutants):
        settings.report(f"The baseline {settings.baseline!r} is not one of the mutants.", "mutant", table="baseline")
    return mutants


def _mutant_sources(settings: SettingsFile, file: Path, draft: _Notebook, at: dict[str, Any]) -> dict[str, str]:
    if not file.is_file():
        settings.report(f"The file mutants/{file.name} is missing.", "name", **at)
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
    settings.problems += notebook.problems
    return sources


def _check_other_ways(settings: SettingsFile, draft: _Notebook) -> None:
    for index, way in enumerate(settings.other_ways):
        if way.cell and way.cell not in draft.ids("solution"):
            settings.report(f"{way.cell!r} is not a solution cell.", "cell", table="other_way", index=index)


def _data(settings: SettingsFile, data_root: Path) -> tuple[dict[str, str], dict[str, dict[str, Any]]]:
    """Return the sha256 of each file of the exercise's data sets, and what the cards say of the sets."""
    data: dict[str, str] = {}
    cards: dict[str, dict[str, Any]] = {}
    for dataset in settings.datasets:
        if not is_id(dataset) or not (data_root / dataset / "card.toml").is_file():
            settings.report(f"There is no data set {dataset!r}: data/{dataset}/card.toml is missing.", "datasets")
            continue
        card = SourceNotebook(file=data_root / dataset / "card.toml")
        values = _card(card)
        for name, digest in values.pop("sha256").items():
            data[f"{dataset}/{name}"] = digest
        cards[dataset] = values
        settings.problems += card.problems
    return data, cards


def _card(card: SourceNotebook) -> dict[str, Any]:
    try:
        values = tomllib.loads(card.file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        line = re.search(r"line (\d+)", str(error))
        card.report(int(line[1]) if line else 1, f"This is not TOML: {error}.")
        return {"sha256": {}}
    digests = values.get("sha256")
    if not isinstance(digests, dict) or not all(isinstance(value, str) for value in digests.values()):
        card.report(1, "sha256 must map each file to its sha256.")
        digests = {}
    else:
        _check_files(card, digests)
    for key in CARD_KEYS:
        if not isinstance(values.get(key), str):
            card.report(1, f"{key} is missing or not a text.")
    known = {key: value for key, value in values.items() if isinstance(value, str | int | bool)}
    return {**known, "sha256": digests}


def _check_files(card: SourceNotebook, digests: dict[str, str]) -> None:
    """Report each file that is missing, changed or not on the card."""
    root = card.file.parent
    found = {
        file.relative_to(root).as_posix(): file
        for part in ("public", "held_out")
        for file in (root / part).rglob("*")
        if file.is_file()
    }
    for name in sorted(digests.keys() | found.keys()):
        if name not in found:
            card.report(1, f"The card names {name!r}, which is not there.")
        elif name not in digests:
            card.report(1, f"{name!r} is not on the card.")
        elif _sha256(found[name]) != digests[name]:
            card.report(1, f"{name!r} is not the file of the card: its sha256 differs. Run build.py again.")


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
