"""Fair scheduling: whose turn it is in a queue.

What matters more goes first (`Priority`). Among equals the queue is shared: each submission's *round* is the number of
submissions of its share (a learner, later a cohort) that run or wait before it, and lower rounds go first. So however many
submissions one share has, every other one gets its turn in between. Within a round, the share that was served longest ago
goes first, then the oldest submission.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Max
from django.utils import timezone

from exercises.models import Submission

SERVED_WITHIN = timedelta(hours=1)  # who was served earlier counts as never served, so that the query stays small


class Waiting(NamedTuple):
    """A waiting submission; `seconds` is what its exercise usually takes, if that is known."""

    id: UUID
    user: int
    share: str
    priority: int
    created_at: datetime
    due_at: datetime | None
    runtime: str
    seconds: float | None

    @property
    def is_due(self) -> bool:
        return self.due_at is None or self.due_at <= timezone.now()


_FIELDS = ("id", "user_id", "share", "priority", "created_at", "due_at", "runtime", "exercise__service_seconds")


def list_waiting(queue: str) -> list[Waiting]:
    """Return what waits in a queue, in the order of its turns."""
    rows = Submission.objects.filter(queue=queue).order_by()
    waiting = [Waiting(*row) for row in rows.waiting().values_list(*_FIELDS)]
    running = Counter(rows.running().values_list("share", flat=True))
    recent = rows.filter(started_at__gte=timezone.now() - SERVED_WITHIN)
    served = dict(recent.values_list("share").annotate(Max("started_at")))
    return sort_by_turn(waiting, running=running, served=served)


def sort_by_turn(
    waiting: Iterable[Waiting], *, running: Mapping[str, int], served: Mapping[str, datetime]
) -> list[Waiting]:
    """Return submissions in the order of their turns; `running` counts and `served` (the last time) are by share."""
    before: Counter[tuple[int, str]] = Counter()
    keys = {}
    for row in sorted(waiting, key=lambda row: (row.created_at, row.id)):
        turn = before[row.priority, row.share] + running.get(row.share, 0)
        before[row.priority, row.share] += 1
        last = served.get(row.share)
        keys[row] = (row.priority, turn, last.timestamp() if last else 0.0, row.created_at, row.id)
    return sorted(keys, key=lambda row: keys[row])
