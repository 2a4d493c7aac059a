"""Exercises and their versions, learners' drafts and opened hints, submissions and orders to grade again."""

import secrets
import uuid
from collections.abc import Iterable
from typing import ClassVar

import structlog
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from exercises.assignment.definition import Definition
from exercises.assignment.run_events import Finished
from exercises.querysets import ExerciseQuerySet, SubmissionQuerySet
from learnpaths.core.caches import ProcessCache

log = structlog.get_logger(__name__)
MAX_SEED = 2**53  # exact in JSON; too many for a notebook to search for the examiner's draws


def new_seed() -> int:
    """Return a random seed below 2**53; each role derives its own from it (sandbox.run.derive_seed)."""
    return secrets.randbelow(MAX_SEED)


class Queue(models.TextChoices):
    CPU = "cpu", _("CPU")
    GPU = "gpu", _("GPU")
    TPU = "tpu", _("TPU")


class State(models.TextChoices):
    QUEUED = "queued", _("waiting")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")


class Priority(models.IntegerChoices):
    """What goes first in a queue; also the priorities of its messages (CELERY_BROKER_TRANSPORT_OPTIONS)."""

    INTERACTIVE = 0, _("interactive")
    GRADED = 3, _("graded")
    REGRADE = 6, _("graded again")


class Verdict(models.TextChoices):
    """How a submission ended. Each abnormal end has a name of its own."""

    PASSED = "passed", _("Passed")
    FAILED = "failed", _("Not passed yet")
    LEARNER_ERROR = "learner_error", _("Stopped by an error")
    TIME_LIMIT = "time_limit", _("Out of time")
    MEMORY_LIMIT = "memory_limit", _("Out of memory")
    OUTPUT_LIMIT = "output_limit", _("Too much output")
    PROCESS_LIMIT = "process_limit", _("Too many processes")
    DISK_LIMIT = "disk_limit", _("Disk full")
    KERNEL_DIED = "kernel_died", _("The kernel died")
    INVALID_NOTEBOOK = "invalid_notebook", _("The notebook could not be run")
    CANCELLED = "cancelled", _("Cancelled")
    SYSTEM_ERROR = "system_error", _("A fault of ours")


class Exercise(models.Model):
    """A graded notebook. The columns repeat the current version's definition so that lists need no JSON."""

    slug = models.SlugField(_("id"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"))
    queue = models.CharField(_("queue"), max_length=3, choices=Queue)
    minutes = models.PositiveIntegerField(_("minutes"))
    max_points = models.PositiveIntegerField(_("points"))
    version = models.ForeignKey(
        "ExerciseVersion", models.PROTECT, null=True, related_name="+", verbose_name=_("current version")
    )
    is_listed = models.BooleanField(_("listed"), default=True, help_text=_("Unset when its files are gone."))
    service_seconds = models.FloatField(
        _("seconds to grade"),
        null=True,
        editable=False,
        help_text=_("Median of the last gradings, from claim to result."),
    )

    objects: ClassVar[ExerciseQuerySet] = ExerciseQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("exercise")
        verbose_name_plural = _("exercises")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exercise", args=[self.slug])


_definitions: ProcessCache[str, Definition] = ProcessCache(256)  # by digest of the version


class ExerciseVersion(models.Model):
    """One definition, immutable: a submission keeps the version that it was graded by."""

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="versions", verbose_name=_("exercise"))
    digest = models.CharField(_("digest"), max_length=71)
    definition = models.JSONField(_("definition"))
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("version of an exercise")
        verbose_name_plural = _("versions of exercises")
        constraints = [models.UniqueConstraint(fields=["exercise", "digest"], name="one_row_per_version")]

    def __str__(self) -> str:
        return f"{self.exercise_id} {self.digest[:15]}"

    @property
    def parsed(self) -> Definition:
        """The definition, parsed once per process: a digest always names the same one."""
        return _definitions.get_or_make(self.digest, lambda: Definition.from_json(self.definition))

    @property
    def runtime(self) -> str:
        """The name of the runtime that it was written for; nothing else of the definition is read."""
        return str(self.definition.get("runtime", ""))


def parse_versions(ids: Iterable[int]) -> dict[int, Definition]:
    """Return the definitions of versions by id, without those that cannot be read: one query, one more for what is new to this process."""
    digests = dict(ExerciseVersion.objects.filter(pk__in=set(ids)).values_list("pk", "digest"))
    known = {pk: _definitions.get(digest) for pk, digest in digests.items()}
    definitions = {pk: definition for pk, definition in known.items() if definition is not None}
    unread = digests.keys() - definitions.keys()
    for version in ExerciseVersion.objects.filter(pk__in=unread) if unread else ():
        try:
            definitions[version.pk] = version.parsed
        except (TypeError, KeyError, ValueError):
            log.exception("unreadable_version", version=version.digest)
    return definitions


class Draft(models.Model):
    """A learner's unfinished work. `revision` grows with each save; a save names the revision that it began from."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="drafts", verbose_name=_("learner"))
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="drafts", verbose_name=_("exercise"))
    version = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="+", verbose_name=_("version"))
    sources = models.JSONField(_("sources"), default=dict, blank=True)
    scratch = models.JSONField(
        _("scratch cells"),
        default=list,
        blank=True,
        help_text=_("The learner's own cells, never submitted: id, source, and after which cell each stands."),
    )
    previous = models.JSONField(
        _("sources before"), null=True, blank=True, help_text=_("What a restore or an upload replaced.")
    )
    revision = models.PositiveIntegerField(_("revision"), default=1)
    updated = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["user", "exercise"], name="one_draft_per_exercise")]

    def __str__(self) -> str:
        return f"{self.exercise_id} {self.user_id} r{self.revision}"


class HintView(models.Model):
    """A learner opened a hint. Kept to see which cells are hard; it never costs points."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("learner"))
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="hint_views", verbose_name=_("exercise"))
    cell = models.CharField(_("cell"), max_length=60)
    stage = models.PositiveSmallIntegerField(_("stage"), validators=[MinValueValidator(1), MaxValueValidator(3)])
    created_at = models.DateTimeField(_("opened"), auto_now_add=True)

    class Meta:
        verbose_name = _("opened hint")
        verbose_name_plural = _("opened hints")
        constraints = [
            models.UniqueConstraint(fields=["user", "exercise", "cell", "stage"], name="one_view_per_hint"),
        ]

    def __str__(self) -> str:
        return f"{self.exercise_id}/{self.cell} {self.stage}"


class Regrade(models.Model):
    """An order to grade an exercise's submissions again, each grading a submission of its own."""

    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="regrades", verbose_name=_("exercise"))
    version = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="+", verbose_name=_("version"))
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("ordered by")
    )
    created_at = models.DateTimeField(_("ordered"), auto_now_add=True)

    class Meta:
        verbose_name = _("regrade")
        verbose_name_plural = _("regrades")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.exercise_id} {self.created_at:%Y-%m-%d %H:%M}"


class Submission(models.Model):
    """One submitted notebook. The row, not the broker, is the source of truth for its state.

    `token` names the claim of the worker that runs it; only that claim may write the result.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="submissions", verbose_name=_("learner")
    )
    exercise = models.ForeignKey(Exercise, models.CASCADE, related_name="submissions", verbose_name=_("exercise"))
    version = models.ForeignKey(ExerciseVersion, models.PROTECT, related_name="+", verbose_name=_("version"))
    queue = models.CharField(_("queue"), max_length=3, choices=Queue)
    sources = models.JSONField(_("sources"))
    repairs = models.JSONField(_("repairs"), default=list, blank=True)
    seed = models.PositiveBigIntegerField(_("seed"), default=new_seed)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority, default=Priority.GRADED)
    regrade_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="regrades", verbose_name=_("graded again from")
    )
    regrade = models.ForeignKey(
        Regrade, models.SET_NULL, null=True, blank=True, related_name="submissions", verbose_name=_("order")
    )
    runtime = models.CharField(_("runtime"), max_length=60, default="", blank=True)
    share = models.CharField(
        _("share"), max_length=60, default="", blank=True, help_text=_("Those with the same one share its turns.")
    )

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.QUEUED)
    verdict = models.CharField(_("verdict"), max_length=20, choices=Verdict, blank=True)
    points = models.PositiveIntegerField(_("points"), null=True, blank=True)
    max_points = models.PositiveIntegerField(_("of points"))
    passed = models.BooleanField(_("passed"), default=False)
    report = models.JSONField(_("report"), null=True, blank=True)

    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    retries = models.PositiveSmallIntegerField(
        _("retries"), default=0, help_text=_("How often an operator had it tried again after a fault of ours.")
    )
    due_at = models.DateTimeField(_("not before"), null=True, blank=True, help_text=_("Set after a fault of ours."))
    token = models.UUIDField(_("claim"), null=True, blank=True, editable=False)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent to the queue"), null=True, blank=True)
    created_at = models.DateTimeField(_("submitted"), auto_now_add=True)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects: ClassVar[SubmissionQuerySet] = SubmissionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        ordering = ["-created_at"]
        indexes = [
            models.Index(fields=["state", "queue", "priority", "created_at"], name="submission_in_line"),
            models.Index(fields=["exercise", "-finished_at"], name="submission_service_time"),
            models.Index(fields=["queue", "-started_at"], name="submission_served"),
            models.Index(fields=["user", "exercise", "-created_at"], name="submission_history"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="finished") ^ models.Q(verdict=""), name="finished_has_a_verdict"
            ),
            models.CheckConstraint(
                condition=models.Q(points__isnull=True) | models.Q(points__lte=models.F("max_points")),
                name="points_within_range",
            ),
            # The whole rule of turns: a claim that breaks it fails, also where two workers claim at the same moment.
            models.UniqueConstraint(
                fields=["user", "queue"],
                condition=models.Q(state="running"),
                name="one_running_per_learner_and_queue",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def get_absolute_url(self) -> str:
        return reverse("submission", args=[self.id])

    @property
    def is_finished(self) -> bool:
        return self.state == State.FINISHED

    def outcome(self) -> Finished:
        """Return the data of the event `finished`."""
        return {
            "verdict": self.verdict,
            "points": self.points,
            "max_points": self.max_points,
            "passed": self.passed,
        }


class DeadLetter(Submission):
    """A submission that ended as a fault of ours. An operator may have it tried again."""

    class Meta:
        proxy = True
        verbose_name = _("submission that we could not grade")
        verbose_name_plural = _("submissions that we could not grade")
