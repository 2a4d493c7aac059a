"""What the page of an exercise shows: statement, locked cells, starters, hints, checks, limits, data.

Nothing here depends on who looks; that is added by the view. A version never changes, so its page_model is kept.
"""

from dataclasses import dataclass
from typing import Any

from exercises.assignment.definition import Check, Definition
from exercises.assignment.pass_rule import Rule, pass_rule
from exercises.assignment.statement import render_hint, render_statement
from exercises.models import ExerciseVersion
from exercises.pages.verdict_messages import limit_rows
from exercises.runner.packages import PACKAGES
from learnpaths.catalog.markdown import highlight_code
from learnpaths.core.caches import ProcessCache


@dataclass(frozen=True, kw_only=True)
class PageCell:
    """A cell as shown. `html` is the statement or the highlighted code; empty for solution cells."""

    id: str
    role: str
    number: int  # of the solution cells, from 1; 0 for the others
    html: str = ""
    starter: str = ""
    hints: tuple[str, ...] = ()
    check: Check | None = None


@dataclass(frozen=True, kw_only=True)
class PageModel:
    cells: tuple[PageCell, ...]
    checks: tuple[Check, ...]
    limits: tuple[tuple[Any, str], ...]
    packages: tuple[str, ...]  # the names that a notebook may import beside Python's own modules
    cards: tuple[dict[str, Any], ...]
    starters: dict[str, str]
    rule: Rule
    pass_percent: int
    max_points: int
    max_hidden_points: int


_page_models: ProcessCache[str, PageModel] = ProcessCache(128)  # by digest of the version


def page_model_of(version: ExerciseVersion) -> PageModel:
    """Return the page model of a version, rendered once per process."""
    return _page_models.get_or_make(version.digest, lambda: _page_model(version.parsed))


def _page_model(definition: Definition) -> PageModel:
    return PageModel(
        cells=tuple(_cells(definition)),
        checks=definition.checks,
        limits=limit_rows(definition.to_json()["limits"]),
        packages=PACKAGES,
        cards=tuple({"id": name, **card} for name, card in definition.cards.items()),
        starters=definition.starter_sources(),
        rule=pass_rule(definition),
        pass_percent=definition.pass_percent,
        max_points=definition.max_points,
        max_hidden_points=definition.max_hidden_points,
    )


def _cells(definition: Definition) -> list[PageCell]:
    checks = {check.id: check for check in definition.checks}
    cells = []
    number = 0
    for cell in definition.public_cells:
        if cell.role == "text":
            cells.append(PageCell(id=cell.id, role="text", number=0, html=_statement(cell.id, cell.source)))
        elif cell.role == "solution":
            number += 1
            hints = tuple(render_hint(hint) for hint in cell.hints)
            cells.append(PageCell(id=cell.id, role="solution", number=number, starter=cell.starter, hints=hints))
        else:
            html = highlight_code(cell.source, "python")
            cells.append(PageCell(id=cell.id, role=cell.role, number=0, html=html, check=checks.get(cell.id)))
    return cells


def _statement(cell_id: str, source: str) -> str:
    return render_statement(source, cell_id=cell_id)[0]
