"""Make a new key for signing badges; the old ones stay published."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from certification import issuer, services
from certification.openbadges import keys
from certification.openbadges.errors import BadgeError


class Command(BaseCommand):
    help = (
        "Make a new signing key (or the first one). Old keys stay in did.json, so badges that they signed still verify."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--key-only",
            action="store_true",
            help="change the key file and no database: status lists are signed with the new key when they expire",
        )

    def _refuse_to_replace(self, key_only: bool) -> None:
        """A missing file is not replaced where it has signed badges (`key_only` knows no database)."""
        if not key_only and not settings.SIGNING_KEY_FILE.exists() and issuer.has_signed():
            raise CommandError(
                f"There is no key file {settings.SIGNING_KEY_FILE}, but this site has signed badges. Put the old file back "
                "from your copy: with another key none of them verifies any more. If it is lost for good, make a new one "
                "with --key-only, then reissue the certificates."
            )

    def handle(self, *args: Any, key_only: bool, **options: Any) -> None:
        self._refuse_to_replace(key_only)
        try:
            did, key_set = issuer.did(), keys.rotate(settings.SIGNING_KEY_FILE)
        except (BadgeError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{did} now signs with {key_set.current.multikey}.")
        earlier = len(key_set.keys) - 1
        if earlier:  # the first key is made before there is a database
            lists = 0 if key_only else services.expire_status_lists()
            self.stdout.write(f"{earlier} earlier keys stay published; {lists} status lists will be signed anew.")
        self.stdout.write(f"Keep a copy of {settings.SIGNING_KEY_FILE} in a safe place.")
