from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from learnpaths.catalog.loader import LoadReport, load


class Command(BaseCommand):
    help = "Load content folders into the database; with a problem nothing changes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("dirs", nargs="*", type=Path, metavar="DIR", help="content roots (default: the settings')")
        parser.add_argument("--check", action="store_true", help="only validate")
        parser.add_argument(
            "--retire-others",
            action="store_true",
            help="these roots are all there is: also retire what was loaded from others",
        )
        parser.add_argument(
            "--lenient",
            action="store_true",
            help="tell problems of the content without failing: for a start, which goes on with the last good version",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        report = load(
            options["dirs"] or settings.CONTENT_DIRS,
            check_only=options["check"],
            retire_others=options["retire_others"],
        )
        for problem in report.problems:
            self.stderr.write(str(problem))
        if not report.is_ok:
            kept = "" if options["check"] else " The database keeps the last good version."
            summary = f"{len(report.problems)} problem(s) in the content.{kept}"
            if not options["lenient"]:
                raise CommandError(summary)
            self.stderr.write(summary)
            return
        self._tell(report)
        if options["verbosity"]:  # `serve` loads quietly: its worker starts only later
            for note in report.notes:
                self.stderr.write(f"Note: {note}")

    def _tell(self, report: LoadReport) -> None:
        for folder, count in report.read.items():
            if counts := report.counts.get(folder):
                self.stdout.write(
                    f"{folder}: {counts.created} created, {counts.updated} updated, "
                    f"{counts.unchanged} unchanged, {counts.retired} retired"
                )
            else:
                self.stdout.write(f"{folder}: {count} checked")
                if retired := report.retired.get(folder):
                    self.stdout.write(f"{folder}: a load would retire {len(retired)}: {', '.join(retired)}")
