"""`manage.py check_exercises [EXERCISE…] [--attacks-only|--no-attacks] [--write] --json`: exercise validation on the real engine."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exercises.assignment.definition import Definition
from exercises.assignment.reader import read_exercises
from exercises.authoring import measurements, measurements_page, validation
from exercises.authoring.mutants.attack import attack
from exercises.grading import engine

grade = partial(engine.grade_notebook, is_exact=True)
PAGE = Path("docs/exercises.md")


class Command(BaseCommand):
    requires_system_checks = []
    help = (
        "Hold exercises against their reference, starter, mutants, lazy baseline, and automatic mutants of each solution cell. "
        "Exit 1 where one does not hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exercise", nargs="*", help="default: all")
        parser.add_argument("--json", action="store_true")
        parser.add_argument("--seeds", type=int, default=len(validation.SEEDS), help="how many seeds for the reference")
        parser.add_argument("--stale", action="store_true", help="only those that changed since they were measured")
        parser.add_argument("--write", action="store_true", help="keep what holds: measured.json and docs/exercises.md")
        only = parser.add_mutually_exclusive_group()
        only.add_argument(
            "--attacks-only", action="store_true", help="only the automatic mutants of each solution cell"
        )
        only.add_argument("--no-attacks", action="store_true", help="leave the automatic mutants out")
        parser.add_argument("--page", action="store_true", help="only make docs/exercises.md anew; measures nothing")

    def handle(self, *, exercise: list[str], json: bool, seeds: int, **options: Any) -> None:
        if options["write"] and (options["attacks_only"] or options["no_attacks"]):
            raise CommandError("A measurement that is kept is a whole one; leave --attacks-only and --no-attacks out.")
        if options["write"] and seeds < len(validation.SEEDS):
            raise CommandError(f"A measurement that is kept has {len(validation.SEEDS)} seeds; leave --seeds out.")
        folders: dict[str, Path] = {}
        definitions = self._definitions(exercise, folders)
        if options["page"]:
            return self._write_page()
        if options["stale"]:
            definitions = [item for item in definitions if measurements.is_stale(item, folders[item.id])]
        validations = []
        for definition in definitions:
            self.stderr.write(f"{definition.id} …")
            result = self._validate(definition, seeds, options)
            validations.append(result)
            if options["write"] and not result.problems:
                measurements.save(result.measurement, folders[definition.id])
        if options["write"]:
            self._write_page()
        self.stdout.write(_as_json(validations) if json else "\n\n".join(map(_as_text, validations)))
        if any(item.problems for item in validations):
            raise CommandError("Some exercises do not hold; see above.", returncode=1)
        return None

    def _validate(self, definition: Definition, seeds: int, options: dict[str, Any]) -> validation.Validation:
        parts = []
        if not options["attacks_only"]:
            parts.append(validation.validate(definition, grade, seeds=tuple(range(1, seeds + 1))))
        if not options["no_attacks"]:
            say = self.stderr.write if options["verbosity"] > 1 else lambda text: None
            parts.append(validation.validate_attacks(definition, lambda item: attack(item, say=say)))
        return parts[0] if len(parts) == 1 else validation.merged(*parts)

    def _definitions(self, wanted: list[str], folders: dict[str, Path]) -> list[Definition]:
        sound: dict[str, Definition] = {}
        for root in settings.CONTENT_DIRS:
            definitions, problems = read_exercises(root / "exercises", root / "data")
            for problem in problems:
                self.stderr.write(str(problem))
            sound = {**definitions, **sound}
            for name in definitions:
                folders.setdefault(name, root / "exercises" / name)
            if problems and not wanted:
                raise CommandError("Mend these files first.", returncode=1)
        unknown = [name for name in wanted if name not in sound]
        if unknown:
            raise CommandError(f"No sound exercise named {', '.join(unknown)}.", returncode=1)
        return [sound[name] for name in wanted or sorted(sound)]

    def _write_page(self) -> None:
        """Our own content's page; a foreign content root has its measured.json only."""
        root = settings.BASE_DIR / "learnpaths/content/exercises"
        definitions, _ = read_exercises(root, root.parent / "data")
        (settings.BASE_DIR / PAGE).write_text(measurements_page.page(definitions, root), encoding="utf-8")


def _as_json(validations: list[validation.Validation]) -> str:
    return json.dumps([asdict(item) for item in validations], indent=1, ensure_ascii=False)


def _as_text(outcome: validation.Validation) -> str:
    lines = [f"{outcome.exercise}  {outcome.version[:19]}"]
    for row in outcome.rows:
        metrics = "  ".join(f"{metric['name']} {metric['value']}" for metric in row["metrics"])
        missed = f"misses {', '.join(row['missed'])}" if row["missed"] and row["run"] != "starter" else ""
        lines.append(
            f"  {row['run']:<22} seed {row['seed']}  {row['verdict']:<14} {row['points']:>3}/{row['max_points']}"
            f"  {row['seconds']:5.1f} s  {metrics}  {missed}".rstrip()
        )
    for row in outcome.attacks:
        result = (
            row.get("state")
            or f"{'PASSES' if row['passed'] else 'beaten'} {row['points']:>3}  misses {', '.join(row['missed'])}"
        )
        lines.append(f"  {row['cell']:<22} {result}  by {', '.join(row['kinds'])}")
    return "\n".join(lines + [f"  PROBLEM: {problem}" for problem in outcome.problems])
