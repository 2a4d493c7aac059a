"""The admin site: what is loaded and what was submitted, read-only. Files and services write these rows."""

from typing import Any

import structlog
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db.models import Case, F, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy, ngettext

from exercises import selectors, services
from exercises.models import DeadLetter, Draft, Exercise, ExerciseVersion, HintView, Regrade, Submission

log = structlog.get_logger(__name__)


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic for the type checker only
    """Shows rows that only services may write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if hasattr(self.model, "user_id"):  # somebody's work
            log.info("work_of_another_seen", by=request.user.pk, model=self.model._meta.label, row=object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def has_grading_permission(self, request: HttpRequest) -> bool:
        """Whether this person may have submissions graded again."""
        return request.user.has_perm("exercises.change_submission")


WORKERS = {
    "ready": gettext_lazy("ready"),
    "warming": gettext_lazy("warming up"),
    "none": gettext_lazy("no worker: submissions wait"),
    "no_runtime": gettext_lazy("no worker has its runtime: submissions wait"),
}


COMPARED = {
    "better": gettext_lazy("better"),
    "same": gettext_lazy("the same"),
    "worse": gettext_lazy("worse"),
    "new": gettext_lazy("without a result before"),
    "system_error": gettext_lazy("that we could not grade"),
    "cancelled": gettext_lazy("cancelled"),
}


@admin.register(Exercise)
class ExerciseAdmin(ReadOnlyAdmin):
    list_display = (
        *("title", "slug", "queue", "runtime", "worker", "minutes", "service_seconds", "max_points", "is_listed"),
    )  # fmt: skip
    list_filter = ("queue", "is_listed")
    search_fields = ("slug", "title")
    actions = ["regrade", "regrade_all_versions"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Exercise]:
        exercises: QuerySet[Exercise] = super().get_queryset(request)
        needs = exercises.order_by().values_list("queue", "version__definition__runtime").distinct()
        states = [
            When(queue=queue, version__definition__runtime=runtime, then=Value(selectors.queue_state(queue, runtime)))
            for queue, runtime in needs
            if runtime
        ]
        return exercises.annotate(
            runtime=F("version__definition__runtime"), worker=Case(*states, default=Value("none"))
        )

    @admin.display(description=gettext_lazy("runtime"))
    def runtime(self, exercise: Any) -> str:
        return exercise.runtime or ""

    @admin.display(description=gettext_lazy("worker"))
    def worker(self, exercise: Any) -> Any:
        return WORKERS[exercise.worker]

    @admin.action(description=gettext_lazy("Grade the best and last submissions again"), permissions=["grading"])
    def regrade(self, request: HttpRequest, exercises: QuerySet[Exercise]) -> None:
        self._regrade(request, exercises, all_versions=False)

    @admin.action(
        description=gettext_lazy("Grade them again on the present version, also those of earlier versions"),
        permissions=["grading"],
    )
    def regrade_all_versions(self, request: HttpRequest, exercises: QuerySet[Exercise]) -> None:
        self._regrade(request, exercises, all_versions=True)

    def _regrade(self, request: HttpRequest, exercises: QuerySet[Exercise], *, all_versions: bool) -> None:
        listed = Exercise.objects.listed().filter(pk__in=exercises.values("pk")).select_related("version")
        orders = [
            services.regrade(exercise=exercise, all_versions=all_versions, ordered_by=request.user)
            for exercise in listed
        ]
        _log(request, listed, "Graded the best and last submissions again.")
        number = sum(order.submissions.count() for order in orders if order)
        text = ngettext("%(count)d submission is graded again.", "%(count)d submissions are graded again.", number)
        link = format_html('<a href="{}">{}</a>', reverse("admin:exercises_regrade_changelist"), gettext("Follow it"))
        messages.success(request, format_html("{} {}", text % {"count": number}, link))
        if not number and not all_versions and any(selectors.to_regrade(each, all_versions=True) for each in listed):
            messages.warning(
                request,
                gettext("Only earlier versions have submissions. Choose the action that grades all versions again."),
            )


@admin.register(Regrade)
class RegradeAdmin(ReadOnlyAdmin):
    list_display = ("exercise", "created_at", "ordered_by", "progress", "results")
    list_filter = ("exercise",)
    list_select_related = ("exercise", "ordered_by")
    date_hierarchy = "created_at"
    list_per_page = 20
    fields = ("exercise", "version", "ordered_by", "created_at", "progress", "results")

    @admin.display(description=gettext_lazy("graded"))
    def progress(self, order: Regrade) -> str:
        state = selectors.regrade_progress(order)
        text = gettext("%(done)d of %(total)d") % {"done": state.done, "total": state.total}
        return format_html(
            '<progress max="{}" value="{}" aria-label="{}"></progress> {}', state.total, state.done, text, text
        )

    @admin.display(description=gettext_lazy("compared with before"))
    def results(self, order: Regrade) -> str:
        counts = selectors.regrade_progress(order).results
        return ", ".join(f"{number} {COMPARED[name]}" for name, number in counts.items()) or "-"


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
