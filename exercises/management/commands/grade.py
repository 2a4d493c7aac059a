"""`manage.py grade EXERCISE NOTEBOOK --json`: grade one notebook with the real engine; no web, no broker, no database."""

import json
import secrets
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exercises import selectors
from exercises.assignment.definition import Definition
from exercises.assignment.notebook_files import InvalidNotebook, read_submission
from exercises.assignment.report import Report
from exercises.grading import engine
from exercises.pages.verdict_messages import EXPLANATIONS, limit_reached
from exercises.sandbox.errors import SandboxError

REFUSED, ENGINE_FAILED = 2, 3


class Command(BaseCommand):
    requires_system_checks = []
    help = (
        "Grade one notebook. Exit 0 if it was graded, whatever the score; 2 if it is refused; 3 if the engine failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exercise")
        parser.add_argument("notebook", type=Path, help="an .ipynb file, or - for standard input")
        parser.add_argument("--json", action="store_true", help="print the report as JSON")
        parser.add_argument("--seed", type=int, help="repeat a grading with the seed of its report")

    def handle(self, *, exercise: str, notebook: Path, json: bool, seed: int | None, **_: Any) -> None:
        definition = _definition(exercise)
        try:
            raw = sys.stdin.buffer.read() if str(notebook) == "-" else notebook.read_bytes()
            intake = read_submission(raw, definition)
        except OSError as error:
            raise CommandError(f"{notebook} cannot be read: {error.strerror}.", returncode=REFUSED) from error
        except InvalidNotebook as error:
            raise CommandError(f"The notebook is refused: {error}", returncode=REFUSED) from error
        for repair in intake.repairs:
            self.stderr.write(f"repaired: {repair}")
        try:
            report = engine.grade_notebook(
                definition, intake.sources, seed=secrets.randbelow(2**53) if seed is None else seed
            )
        except SandboxError as error:
            raise CommandError(f"The engine failed: {error}", returncode=ENGINE_FAILED) from error
        self.stdout.write(_as_json(report) if json else _as_text(report))


def _definition(exercise: str) -> Definition:
    """Return the exercise from the content files, else from the database."""
    definition = selectors.definition_from_files(exercise, settings.CONTENT_DIRS) or selectors.definition(exercise)
    if definition is None:
        raise CommandError(
            f"There is no sound exercise named {exercise!r}. Try `load_content --check`.", returncode=REFUSED
        )
    return definition


def _as_json(report: Report) -> str:
    return json.dumps(report.to_json(), indent=1, ensure_ascii=False)


def _as_text(report: Report) -> str:
    explanation = EXPLANATIONS[report.verdict]
    lines = [f"{report.verdict}: {report.points} of {report.max_points} points", f"  {explanation.meaning}"]
    if limit := limit_reached(report.verdict, report):
        lines.append(f"  Limit of {limit.name}: {limit.allowed}; used: {limit.used}.")
    lines.append(f"  {explanation.advice}")
    lines += [
        f"  {check.outcome:<12}{check.points}/{check.max_points}  {check.title}  {check.message}".rstrip()
        for check in report.checks
    ]
    return "\n".join(lines)
