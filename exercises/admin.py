"""For the operator: what is loaded and what was submitted. Files and services write these rows; here one reads."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from exercises.models import Draft, Exercise, ExerciseVersion, HintView, Submission


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """Shows rows that only services may write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Exercise)
class ExerciseAdmin(ReadOnlyAdmin):
    list_display = ("title", "slug", "queue", "minutes", "max_points", "is_listed")
    list_filter = ("queue", "is_listed")
    search_fields = ("slug", "title")


@admin.register(ExerciseVersion)
class ExerciseVersionAdmin(ReadOnlyAdmin):
    list_display = ("exercise", "digest", "created_at")
    list_filter = ("exercise",)
    list_select_related = ("exercise",)


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ("id", "exercise", "user", "state", "verdict", "points", "max_points", "tries", "created_at")
    list_filter = ("state", "verdict", "queue", "exercise")
    list_select_related = ("exercise", "user")
    search_fields = ("id", "user__email", "exercise__slug")
    date_hierarchy = "created_at"


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    list_display = ("exercise", "user", "revision", "updated")
    list_select_related = ("exercise", "user")


@admin.register(HintView)
class HintViewAdmin(ReadOnlyAdmin):
    list_display = ("exercise", "cell", "stage", "user", "created_at")
    list_filter = ("exercise", "stage")
    list_select_related = ("exercise", "user")
