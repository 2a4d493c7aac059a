"""`manage.py notebook EXERCISE [--reference | --mutant NAME]`: the learner's copy as `.ipynb` on stdout."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from exercises import selectors
from exercises.assignment.definition import Definition
from exercises.assignment.notebook_files import learner_notebook


class Command(BaseCommand):
    help = "Print an exercise's notebook as .ipynb: the learner's copy, or one with known answers."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("exercise")
        answers = parser.add_mutually_exclusive_group()
        answers.add_argument("--reference", action="store_true", help="with the author's solution")
        answers.add_argument("--mutant", metavar="NAME", help="with one of the known wrong answers")

    def handle(self, *args: Any, **options: Any) -> None:
        definition = selectors.definition_from_files(options["exercise"], settings.CONTENT_DIRS)
        definition = definition or selectors.definition(options["exercise"])
        if definition is None:
            raise CommandError(f"There is no exercise {options['exercise']!r} in the content folders or the database.")
        notebook = learner_notebook(definition, self._sources(definition, options))
        self.stdout.write(json.dumps(notebook, indent=1, ensure_ascii=False))

    def _sources(self, definition: Definition, options: dict[str, Any]) -> dict[str, str]:
        if options["reference"]:
            return definition.reference_sources()
        if not options["mutant"]:
            return {}
        for mutant in definition.mutants:
            if mutant.name == options["mutant"]:
                return {**definition.reference_sources(), **mutant.sources}
        known = ", ".join(mutant.name for mutant in definition.mutants) or "none"
        raise CommandError(f"{definition.id} has no mutant {options['mutant']!r}; it has: {known}.")
