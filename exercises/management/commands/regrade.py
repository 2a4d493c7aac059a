"""`manage.py regrade EXERCISE`: grade each learner's best and last submission again, behind everything else."""

import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exercises import selectors, services
from exercises.models import State, Submission

POLL_SECONDS = 1.0
_COMPARED = ("verdict", "points", "max_points", "regrade_of__points", "regrade_of__max_points")


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
        found = selectors.find_exercise(exercise)
        if found is None:
            raise CommandError(f"There is no listed exercise named {exercise!r}. `load_content` lists what it loads.")
        if dry_run:
            rows = selectors.to_regrade(found, all_versions=all_versions)
            self.stdout.write(f"{_count(rows)} would be graded again.")
            return
        rows = services.regrade(exercise=found, all_versions=all_versions)
        self.stdout.write(f"{_count(rows)} to grade again.")
        if rows and selectors.queue_state(found.queue) == "none":
            self.stderr.write(f"No {found.queue} worker is running now: they wait until one is.")
        if not no_wait:
            self._follow(rows)

    def _follow(self, rows: list[Submission]) -> None:
        ids = [row.id for row in rows]
        done = -1
        while done < len(ids):
            graded = Submission.objects.filter(id__in=ids, state=State.FINISHED).select_related("regrade_of")
            results = Counter(map(_compare, graded.only(*_COMPARED)))
            if results.total() != done:
                done = results.total()
                self.stdout.write(_line(done, len(ids), results))
            if done < len(ids):
                time.sleep(POLL_SECONDS)


def _count(rows: Iterable[Submission]) -> str:
    users = [row.user_id for row in rows]
    return f"{len(users)} submissions of {len(set(users))} learners"


def _compare(new: Submission) -> str:
    """Say how a grading differs from the one that it repeats."""
    old = new.regrade_of
    if new.verdict in ("system_error", "cancelled"):
        return new.verdict
    if old is None or old.points is None or new.points is None:
        return "new"
    difference = new.points * old.max_points - old.points * new.max_points
    return "better" if difference > 0 else "worse" if difference < 0 else "same"


def _line(done: int, total: int, results: Counter[str]) -> str:
    parts = ", ".join(f"{number} {name}" for name, number in sorted(results.items()))
    return f"{done} of {total} graded" + (f": {parts}" if parts else "")
