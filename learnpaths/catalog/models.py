"""What can be learned, as rows made from files by `loader.py`. Nobody edits these by hand.

What people did is never tied to these rows but to ids from the files, so a course can be rewritten without losing it.
"""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from learnpaths.catalog import registry


class Level(models.TextChoices):
    BEGINNER = "beginner", _("Beginner")
    INTERMEDIATE = "intermediate", _("Intermediate")
    ADVANCED = "advanced", _("Advanced")


class PathQuerySet(models.QuerySet["Path"]):
    def listed(self) -> "PathQuerySet":
        return self.filter(is_listed=True)

    def with_steps(self) -> "PathQuerySet":
        """Also fetch units and steps, in two more queries however many paths there are."""
        return self.prefetch_related("units__steps")


class Path(models.Model):
    """A course: units of steps, from the first to the last. Retired paths stay, unlisted."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=120)
    summary = models.TextField()
    level = models.CharField(max_length=12, choices=Level)
    hours = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    is_listed = models.BooleanField(default=True)
    digest = models.CharField(max_length=71, editable=False, default="")

    objects = PathQuerySet.as_manager()

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("path", args=[self.slug])

    @property
    def steps(self) -> "list[Step]":
        """The steps of all units in order. Free of queries after `with_steps`."""
        return [step for unit in self.units.all() for step in unit.steps.all()]


class Unit(models.Model):
    path = models.ForeignKey(Path, models.CASCADE, related_name="units")
    title = models.CharField(max_length=120)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        constraints = [models.UniqueConstraint("path", "position", name="one_unit_per_place")]

    def __str__(self) -> str:
        return self.title


class Step(models.Model):
    """One thing to do on a path: a lesson, or what an upper app registered (`registry.register_step_kind`)."""

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20)
    slug = models.SlugField(max_length=60)
    title = models.CharField(max_length=120)
    summary = models.TextField(blank=True, default="")
    minutes = models.PositiveSmallIntegerField(default=0)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("position",)
        indexes = [models.Index("kind", "slug", name="step_by_id")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return registry.step_kind(self.kind).url(self)

    @property
    def key(self) -> tuple[str, str]:
        """What progress is kept under: kind and slug."""
        return self.kind, self.slug

    @property
    def kind_label(self) -> str:
        return str(registry.step_kind(self.kind).label)


class Lesson(models.Model):
    """The text of a lesson step, rendered when it was loaded. `body_html` is safe to show as it is.

    A checkpoint's place in it is `<div data-checkpoint="<slug>"></div>`, a figure's `<figure data-figure="<name>">`; the page
    is made of `blocks`, in which it is split there (`catalog.blocks`).
    """

    step = models.OneToOneField(Step, models.CASCADE, related_name="lesson")
    body_html = models.TextField()
    blocks = models.JSONField(
        default=list,
        db_default=models.Value([], models.JSONField()),
        help_text="The body in pieces: [{html, checkpoint, cell, figures}].",
    )
    text = models.TextField(help_text="The words without markup, for the search.")
    contents = models.JSONField(default=list, help_text="Headings: [{level, id, title}].")
    objectives = models.JSONField(default=list)
    prerequisites = models.JSONField(default=list)
    further = models.JSONField(default=list, help_text="[{title, url}]")
    sources = models.JSONField(default=list)

    def __str__(self) -> str:
        return str(self.step)


class Origin(models.Model):
    """Which content root an item was last loaded from: a load retires only what comes from the roots it reads."""

    folder = models.CharField(max_length=60)
    item = models.CharField(max_length=100)
    root = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint("folder", "item", name="one_origin_per_item")]

    def __str__(self) -> str:
        return f"{self.folder}/{self.item}"


class Checkpoint(models.Model):
    """An ungraded question inside a lesson. `definition` is `schema.Checkpoint` as JSON, its Markdown rendered."""

    lesson = models.ForeignKey(Lesson, models.CASCADE, related_name="checkpoints")
    slug = models.SlugField(max_length=60)
    kind = models.CharField(max_length=10)
    definition = models.JSONField()

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint("lesson", "slug", name="one_checkpoint_per_id")]

    def __str__(self) -> str:
        return self.slug
