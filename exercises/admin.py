"""For the operator: what is loaded and what was submitted. Files and services write these rows; here one reads."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Case, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy, ngettext

from exercises import selectors, services
from exercises.models import DeadLetter, Draft, Exercise, ExerciseVersion, HintView, Queue, Submission


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """Shows rows that only services may write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_grading_permission(self, request: HttpRequest) -> bool:
        """Whether this person may have submissions graded again."""
        return request.user.has_perm("exercises.change_submission")


WORKERS = {
    "ready": gettext_lazy("ready"),
    "warming": gettext_lazy("warming up"),
    "none": gettext_lazy("no worker: submissions wait"),
}


@admin.register(Exercise)
class ExerciseAdmin(ReadOnlyAdmin):
    list_display = (
        *("title", "slug", "queue", "worker", "minutes", "service_seconds", "max_points", "is_listed"),
    )  # fmt: skip
    list_filter = ("queue", "is_listed")
    search_fields = ("slug", "title")
    actions = ["regrade"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Exercise]:
        states = [When(queue=queue, then=Value(selectors.queue_state(queue))) for queue in Queue.values]
        exercises: QuerySet[Exercise] = super().get_queryset(request)
        return exercises.annotate(worker=Case(*states, default=Value("none")))

    @admin.display(description=gettext_lazy("worker"))
    def worker(self, exercise: Any) -> Any:
        return WORKERS[exercise.worker]

    @admin.action(description=gettext_lazy("Grade the best and last submissions again"), permissions=["grading"])
    def regrade(self, request: HttpRequest, exercises: QuerySet[Exercise]) -> None:
        listed = Exercise.objects.listed().filter(pk__in=exercises.values("pk"))
        number = sum(len(services.regrade(exercise=exercise)) for exercise in listed.select_related("version"))
        _log(request, listed, "Graded the best and last submissions again.")
        text = ngettext("%(count)d submission is graded again.", "%(count)d submissions are graded again.", number)
        messages.success(request, text % {"count": number})


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


@admin.register(DeadLetter)
class DeadLetterAdmin(ReadOnlyAdmin):
    list_display = ("id", "exercise", "user", "queue", "tries", "retries", "created_at", "finished_at")
    list_filter = ("queue", "exercise")
    list_select_related = ("exercise", "user")
    search_fields = ("id", "user__email", "exercise__slug")
    date_hierarchy = "created_at"
    actions = ["retry"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        return super().get_queryset(request).filter(id__in=Submission.objects.dead().values("id"))

    @admin.action(description=gettext_lazy("Try again"), permissions=["grading"])
    def retry(self, request: HttpRequest, submissions: QuerySet[Submission]) -> None:
        chosen = list(Submission.objects.filter(id__in=submissions.values("id")))
        revived = [each for each in chosen if services.retry_submission(submission=each)]
        _log(request, revived, "Had it tried again.")
        text = ngettext("%(count)d submission is tried again.", "%(count)d submissions are tried again.", len(revived))
        messages.success(request, text % {"count": len(revived)})


def _log(request: HttpRequest, rows: Any, text: str) -> None:
    """Keep who did it: the history of an object in the admin shows it."""
    assert request.user.pk is not None, "the admin lets nobody in who is not signed in"
    LogEntry.objects.log_actions(request.user.pk, rows, CHANGE, change_message=gettext(text))


@admin.register(Draft)
class DraftAdmin(ReadOnlyAdmin):
    list_display = ("exercise", "user", "revision", "updated")
    list_select_related = ("exercise", "user")


@admin.register(HintView)
class HintViewAdmin(ReadOnlyAdmin):
    list_display = ("exercise", "cell", "stage", "user", "created_at")
    list_filter = ("exercise", "stage")
    list_select_related = ("exercise", "user")
