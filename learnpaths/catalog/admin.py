"""Content to look at; it is changed in its files."""

from django.contrib import admin

from learnpaths.catalog.models import Checkpoint, Lesson, Path, Step
from learnpaths.core.admin import ReadOnlyAdmin


@admin.register(Path)
class PathAdmin(ReadOnlyAdmin):
    list_display = ("title", "slug", "level", "hours", "position", "is_listed")
    list_filter = ("is_listed", "level")
    search_fields = ("title", "slug")


@admin.register(Step)
class StepAdmin(ReadOnlyAdmin):
    list_display = ("title", "kind", "slug", "unit", "minutes")
    list_filter = ("kind", "unit__path")
    list_select_related = ("unit",)
    search_fields = ("title", "slug")


@admin.register(Lesson)
class LessonAdmin(ReadOnlyAdmin):
    list_display = ("step",)
    list_select_related = ("step",)
    search_fields = ("step__title", "text")


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnlyAdmin):
    list_display = ("slug", "kind", "lesson")
    list_filter = ("kind",)
    list_select_related = ("lesson__step",)
    search_fields = ("slug",)
