"""`manage.py sandbox_check`: try the jail's layers one by one and print what holds."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from exercises.grading import zygotes
from exercises.sandbox import selftest
from exercises.sandbox.errors import SandboxError

_WITHOUT_GROUP = "an outer backstop, where LEARNPATHS_CGROUPS names a group that is ours to use (docs/confinement.md)"


class Command(BaseCommand):
    requires_system_checks = []
    help = "Start the jail, attack each of its layers and print a table. Exit 1 where a layer is missing."

    def handle(self, **_: Any) -> None:
        zygote = zygotes.new_zygote(spares=1)
        try:
            zygote.start()
            layers = [*selftest.examine(zygote.address), *filter(None, [selftest.examine_group(zygote)])]
        except SandboxError as error:
            raise CommandError(str(error), returncode=3) from error
        finally:
            zygote.stop()
        for layer in layers:
            self.stdout.write(f"{'holds' if layer.holds else 'MISSING':<8} {layer.name:<20} {layer.tried}")
        if not settings.CGROUPS:
            self.stdout.write(f"{'off':<8} {'control group':<20} {_WITHOUT_GROUP}")
        if not all(layer.holds for layer in layers):
            raise CommandError("The jail is not complete: a worker would refuse to start.", returncode=1)
