"""`manage.py regrade EXERCISE`: grade each learner's best and last submission again, behind everything else."""

import time
from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exercises import selectors, services
from exercises.models import Regrade, Submission

POLL_SECONDS = 1.0


class Command(BaseCommand):
    help = (
        "Grade each learner's best and last submission of an exercise again on its current version. Every result is a "
        "new row; old ones stay, and nobody's best result gets worse. Ctrl-C stops watching, not grading."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("exercise")
        parser.add_argument("--all-versions", action="store_true", help="also submissions to earlier versions")
        parser.add_argument("--dry-run", action="store_true", help="say what would be graded, and do nothing")
        parser.add_argument("--no-wait", action="store_true", help="do not wait for the results")

    def handle(self, *, exercise: str, all_versions: bool, dry_run: bool, no_wait: bool, **_: Any) -> None:
        row = selectors.find_exercise(exercise)
        if row is None:
            raise CommandError(f"There is no listed exercise named {exercise!r}. `load_content` lists what it loads.")
        if dry_run:
            rows = selectors.to_regrade(row, all_versions=all_versions)
            self.stdout.write(f"{_count(rows)} would be graded again.")
            return
        order = services.regrade(exercise=row, all_versions=all_versions)
        if order is None:
            self.stdout.write("There is nothing to grade again.")
            return
        progress = selectors.regrade_progress(order)
        self.stdout.write(f"{progress.total} submissions of {progress.learners} learners to grade again.")
        if selectors.queue_state(row.queue, order.version.runtime) in ("none", "no_runtime"):
            self.stderr.write(f"No {row.queue} worker is running now that has their runtime: they wait until one is.")
        if not no_wait:
            self._follow(order)

    def _follow(self, order: Regrade) -> None:
        done = -1
        while True:
            progress = selectors.regrade_progress(order)
            if progress.done != done:
                done = progress.done
                self.stdout.write(_line(progress))
            if done >= progress.total:
                return
            time.sleep(POLL_SECONDS)


def _count(rows: Iterable[Submission]) -> str:
    users = [row.user_id for row in rows]
    return f"{len(users)} submissions of {len(set(users))} learners"


def _line(progress: selectors.RegradeProgress) -> str:
    parts = ", ".join(f"{number} {name}" for name, number in progress.results.items())
    return f"{progress.done} of {progress.total} graded" + (f": {parts}" if parts else "")
