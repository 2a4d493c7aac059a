"""What people did. Steps and checkpoints are named by their ids from the files, so rewriting a course loses nothing."""

from django.conf import settings
from django.db import models

from learnpaths.catalog.models import Path


class Enrolment(models.Model):
    """A person walks a path; `kind` and `slug` name the step they were at last."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="enrolments")
    path = models.ForeignKey(Path, models.CASCADE, related_name="enrolments")
    kind = models.CharField(max_length=20, blank=True, default="")
    slug = models.SlugField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    visited_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("-visited_at",)
        constraints = [models.UniqueConstraint("user", "path", name="enrolled_once")]

    def __str__(self) -> str:
        return f"{self.user} on {self.path}"


class StepProgress(models.Model):
    """The best that a person did at a step. Once completed it stays completed."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="step_progress")
    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=60)
    points = models.PositiveIntegerField(null=True, blank=True)
    max_points = models.PositiveIntegerField(null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "step progress"
        constraints = [
            models.UniqueConstraint("user", "kind", "slug", name="one_progress_per_step"),
            models.CheckConstraint(
                condition=models.Q(points__isnull=True, max_points__isnull=True)
                | models.Q(points__lte=models.F("max_points"), max_points__gt=0),
                name="points_within_max_points",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind} {self.slug}"

    @property
    def is_completed(self) -> bool:
        return self.completed_at is not None

    def is_beaten_by(self, points: int, max_points: int) -> bool:
        """True if that result is a larger part of what could be reached (whole numbers, so no rounding)."""
        if self.points is None or not self.max_points:
            return True
        return points * self.max_points > self.points * max_points


class CheckpointAnswer(models.Model):
    """A person's latest answer to a checkpoint, and how often they tried."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="checkpoint_answers")
    lesson = models.SlugField(max_length=60)
    checkpoint = models.SlugField(max_length=60)
    answer = models.CharField(max_length=60)
    is_correct = models.BooleanField()
    tries = models.PositiveIntegerField(default=1)
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint("user", "lesson", "checkpoint", name="one_answer_per_checkpoint")]

    def __str__(self) -> str:
        return f"{self.user}: {self.lesson} {self.checkpoint}"
