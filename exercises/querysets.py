"""Querysets whose methods are the words of the product."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from exercises import hooks

if TYPE_CHECKING:
    from exercises.models import Exercise, Submission  # noqa: F401 - the querysets name them in quotes

# Their values are models.State and models.Verdict, which import this module.
REFUNDED = ("system_error", "cancelled")  # ends that cost the learner no attempt


class ExerciseQuerySet(models.QuerySet["Exercise"]):
    def listed(self) -> "ExerciseQuerySet":
        """Exercises that visitors find: loaded from content and not retired."""
        return self.filter(is_listed=True, version__isnull=False)


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def of(self, user: Any) -> "SubmissionQuerySet":
        return self.filter(user=user)

    def visible_to(self, user: Any) -> "SubmissionQuerySet":
        """One's own, and those that apps above open to a person; with the right to view submissions all; visitors see none."""
        if not user.is_authenticated:
            return self.none()
        rights = ("exercises.view_submission", "exercises.change_submission")  # who may stop it may see it
        return (
            self.all() if any(map(user.has_perm, rights)) else self.filter(models.Q(user=user) | hooks.visible_to(user))
        )

    def counted(self) -> "SubmissionQuerySet":
        """Submissions whose result counts: not those that we failed to grade, nor the cancelled."""
        return self.exclude(verdict__in=REFUNDED)

    def attempts(self) -> "SubmissionQuerySet":
        """What the learner did that counts; what we graded again later is no further attempt."""
        return self.counted().filter(regrade_of=None)

    def for_grade(self) -> "SubmissionQuerySet":
        """Finished ones whose result may count for a grade: apps above may leave some out (late ones, those of an exam)."""
        return self.filter(state="finished").counted().filter(hooks.counting())

    def dead(self) -> "SubmissionQuerySet":
        """Submissions that we failed to grade."""
        return self.filter(verdict="system_error")

    def waiting(self) -> "SubmissionQuerySet":
        """Those that wait, by priority, then the oldest first; `grading.scheduling` has the order of turns."""
        return self.filter(state="queued").order_by("priority", "created_at", "id")

    def running(self) -> "SubmissionQuerySet":
        return self.filter(state="running")

    def stale(self, silent: timedelta) -> "SubmissionQuerySet":
        """Running rows whose worker has been silent for so long that it must be gone."""
        return self.running().filter(heartbeat_at__lt=timezone.now() - silent)

    def unsent(self, age: timedelta) -> "SubmissionQuerySet":
        """Waiting rows that no message was sent for, or so long ago that the message may be lost.

        Without those that are not due yet, and without those whose learner's turn in this queue is taken.
        """
        now = timezone.now()
        is_late = models.Q(sent_at__isnull=True) | models.Q(sent_at__lt=now - age)
        is_due = models.Q(due_at__isnull=True) | models.Q(due_at__lte=now)
        taken = self.model._base_manager.filter(
            state="running", user=models.OuterRef("user"), queue=models.OuterRef("queue")
        )
        return self.waiting().filter(is_late, is_due).exclude(models.Exists(taken))

    def best_first(self) -> "SubmissionQuerySet":
        return self.for_grade().order_by("-passed", "-points", "created_at")
