"""Questions about rows, in the words of the product."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from exercises.models import Exercise, Submission  # noqa: F401 - the querysets name them in quotes

REFUNDED = ("system_error", "cancelled")  # ends that cost the learner no attempt


class ExerciseQuerySet(models.QuerySet["Exercise"]):
    def listed(self) -> "ExerciseQuerySet":
        """Exercises that visitors find: loaded from content and not retired."""
        return self.filter(is_listed=True, version__isnull=False)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def of(self, user: Any) -> "SubmissionQuerySet":
        return self.filter(user=user)

    def visible_to(self, user: Any) -> "SubmissionQuerySet":
        """One's own; staff see all; visitors see none."""
        if not user.is_authenticated:
            return self.none()
        return self.all() if user.is_staff else self.of(user)

    def attempts(self) -> "SubmissionQuerySet":
        """Submissions that count: not those that we failed to grade, nor the cancelled."""
        return self.exclude(verdict__in=REFUNDED)

    def waiting(self) -> "SubmissionQuerySet":
        return self.filter(state="queued").order_by("created_at", "id")

    def running(self) -> "SubmissionQuerySet":
        return self.filter(state="running")

    def stale(self, silent: timedelta) -> "SubmissionQuerySet":
        """Running rows whose worker has been silent for so long that it must be gone."""
        return self.running().filter(heartbeat_at__lt=timezone.now() - silent)

    def unsent(self, age: timedelta) -> "SubmissionQuerySet":
        """Waiting rows that no message was sent for, or so long ago that the message may be lost."""
        is_late = models.Q(sent_at__isnull=True) | models.Q(sent_at__lt=timezone.now() - age)
        return self.waiting().filter(is_late)

    def best_first(self) -> "SubmissionQuerySet":
        return self.filter(state="finished").attempts().order_by("-passed", "-points", "created_at")

    def ids(self) -> Iterable[Any]:
        return self.values_list("id", flat=True)
