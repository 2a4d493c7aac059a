from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from learnpaths.serving import banner, demo


class Command(BaseCommand):
    """Make the demo accounts that are missing; `--reset` gives all three new passwords."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--reset", action="store_true", help="give all three accounts new passwords")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError("Demo accounts exist only in the embedded mode (LEARNPATHS_MODE=embedded).")
        passwords = demo.make_accounts(reset=options["reset"])
        if passwords:
            self.stdout.write(banner.accounts(passwords))
        else:
            self.stdout.write("The three demo accounts exist. --reset gives them new passwords.")
