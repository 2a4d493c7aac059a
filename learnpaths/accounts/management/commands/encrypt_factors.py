"""Encrypt the secrets of second factors with the present SECRET_KEY: before its fallbacks are taken away."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from learnpaths.accounts import factors


class Command(BaseCommand):
    help = __doc__ or ""

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Second factors encrypted with the present key: {factors.encrypt_again()}")
