"""What people did, to look at; only what they do changes it."""

from django.contrib import admin

from learnpaths.core.admin import ReadOnlyAdmin
from learnpaths.progress.models import CheckpointAnswer, Enrolment, StepProgress


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    list_display = ("user", "path", "kind", "slug", "visited_at")
    list_filter = ("path",)
    list_select_related = ("user", "path")
    search_fields = ("user__email",)


@admin.register(StepProgress)
class StepProgressAdmin(ReadOnlyAdmin):
    list_display = ("user", "kind", "slug", "points", "max_points", "completed_at")
    list_filter = ("kind", "slug")
    list_select_related = ("user",)
    search_fields = ("user__email", "slug")


@admin.register(CheckpointAnswer)
class CheckpointAnswerAdmin(ReadOnlyAdmin):
    list_display = ("user", "lesson", "checkpoint", "answer", "is_correct", "tries", "answered_at")
    list_filter = ("is_correct", "lesson")
    list_select_related = ("user",)
    search_fields = ("user__email", "checkpoint")
