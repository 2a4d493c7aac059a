"""Output of the API. Nothing here is saved: input goes through `read_submission` and the services."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.reverse import reverse

from exercises import selectors
from exercises.models import Exercise, State, Submission
from exercises.pages.page_model import page_model_of


class ExerciseOutput(serializers.ModelSerializer[Exercise]):
    """An exercise as in a list."""

    id = serializers.CharField(source="slug")
    url = serializers.HyperlinkedIdentityField(view_name="api-exercise", lookup_field="slug")
    page = serializers.HyperlinkedIdentityField(view_name="exercise", lookup_field="slug")

    class Meta:
        model = Exercise
        fields = ("id", "title", "summary", "queue", "minutes", "max_points", "url", "page")


class CheckOutput(serializers.Serializer[Any]):
    """A check as a learner sees it: of a hidden one, the title and the points."""

    id = serializers.CharField()
    title = serializers.CharField()
    points = serializers.IntegerField()
    hidden = serializers.BooleanField()
    required = serializers.BooleanField(  # type: ignore[assignment]
        help_text="Without it the exercise is not passed, however many points came together."
    )


class ExerciseDetailOutput(ExerciseOutput):
    """An exercise with its checks, limits and data sets."""

    version = serializers.CharField(source="version.digest")
    pass_percent = serializers.SerializerMethodField(help_text="Of all points.")
    pass_hidden_percent = serializers.SerializerMethodField(help_text="Of the points of hidden checks.")
    checks = serializers.SerializerMethodField()
    limits = serializers.SerializerMethodField()
    datasets = serializers.SerializerMethodField()
    notebook = serializers.HyperlinkedIdentityField(view_name="api-exercise-notebook", lookup_field="slug")
    submissions = serializers.HyperlinkedIdentityField(view_name="api-exercise-submissions", lookup_field="slug")

    class Meta(ExerciseOutput.Meta):
        fields = (  # type: ignore[assignment]
            *ExerciseOutput.Meta.fields,
            *(
                "version",
                "pass_percent",
                "pass_hidden_percent",
                "checks",
                "limits",
                "datasets",
                "notebook",
                "submissions",
            ),
        )

    def get_pass_percent(self, exercise: Exercise) -> int:
        return int(_definition(exercise).pass_percent)

    def get_pass_hidden_percent(self, exercise: Exercise) -> int:
        return int(_definition(exercise).pass_hidden_percent)

    def get_checks(self, exercise: Exercise) -> list[dict[str, Any]]:
        return [dict(CheckOutput(check).data) for check in _definition(exercise).checks]

    def get_limits(self, exercise: Exercise) -> dict[str, int]:
        limits: dict[str, int] = _definition(exercise).to_json()["limits"]
        return limits

    def get_datasets(self, exercise: Exercise) -> list[dict[str, Any]]:
        assert exercise.version is not None
        return list(page_model_of(exercise.version).cards)


def _definition(exercise: Exercise) -> Any:
    assert exercise.version is not None
    return exercise.version.parsed


class MetricOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    threshold = serializers.FloatField(allow_null=True)
    better = serializers.ChoiceField(["higher", "lower"])


class CheckResultOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    title = serializers.CharField()
    hidden = serializers.BooleanField()
    required = serializers.BooleanField(default=False)  # type: ignore[assignment]
    outcome = serializers.ChoiceField(["passed", "failed", "error", "unattempted", "not_run"])
    points = serializers.IntegerField()
    max_points = serializers.IntegerField()
    message = serializers.CharField(allow_blank=True)
    metrics = MetricOutput(many=True, required=False)
    findings = serializers.ListField(
        child=serializers.DictField(), required=False, help_text="Where the model fails: see the authoring guide."
    )


class CellResultOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    status = serializers.ChoiceField(["ok", "error", "not_run", "interrupted"])
    seconds = serializers.FloatField()


class SubmissionOutput(serializers.ModelSerializer[Submission]):
    """A submission as in a list."""

    exercise = serializers.CharField(source="exercise.slug")
    url = serializers.HyperlinkedIdentityField(view_name="api-submission", lookup_url_kwarg="submission_id")
    page = serializers.HyperlinkedIdentityField(view_name="submission", lookup_url_kwarg="submission_id")

    class Meta:
        model = Submission
        fields = (
            *("id", "exercise", "state", "verdict", "points", "max_points", "passed", "seed", "tries"),
            *("created_at", "started_at", "finished_at", "url", "page"),
        )


@extend_schema_serializer(component_name="SubmissionReport")
class SubmissionDetailOutput(SubmissionOutput):
    """A submission with its report; while it is not finished, no check has run."""

    version = serializers.CharField(source="version.digest")
    position = serializers.SerializerMethodField(help_text="How many run or wait before it; null once it has started.")
    wait_seconds = serializers.SerializerMethodField(
        help_text="In about how many seconds its turn comes, from measured gradings; null where nobody can know."
    )
    repairs = serializers.ListField(child=serializers.CharField(), help_text="What of the notebook was put right.")
    checks = CheckResultOutput(many=True, source="full_report.checks")
    cells = CellResultOutput(many=True, source="full_report.cells")
    phases = serializers.DictField(child=serializers.FloatField(), source="full_report.phases")
    limits = serializers.DictField(child=serializers.IntegerField(), source="full_report.limits")
    runtime = serializers.DictField(child=serializers.CharField(), source="full_report.runtime")
    events = serializers.SerializerMethodField()
    cancel = serializers.SerializerMethodField()

    class Meta(SubmissionOutput.Meta):
        fields = (  # type: ignore[assignment]
            *SubmissionOutput.Meta.fields,
            *(
                "version",
                "position",
                "wait_seconds",
                "repairs",
                "checks",
                "cells",
                "phases",
                "limits",
                "runtime",
                "events",
                "cancel",
            ),
        )

    def to_representation(self, submission: Submission) -> dict[str, Any]:
        """Return the row's columns over the report as it was written, so that keys which the engine added are not lost."""
        report = selectors.report_json(submission)
        submission.full_report = report  # type: ignore[attr-defined]
        submission.place = selectors.queue_place(submission) if submission.state == State.QUEUED else None  # type: ignore[attr-defined]
        return {**report, **super().to_representation(submission), **{key: report[key] for key in AS_WRITTEN}}

    def get_position(self, submission: Submission) -> int | None:
        return submission.place.position if submission.place else None  # type: ignore[attr-defined]

    def get_wait_seconds(self, submission: Submission) -> int | None:
        return submission.place.seconds if submission.place else None  # type: ignore[attr-defined]

    def get_events(self, submission: Submission) -> str:
        return self._link("api-submission-events", submission)

    def get_cancel(self, submission: Submission) -> str:
        return self._link("api-submission-cancel", submission)

    def _link(self, name: str, submission: Submission) -> str:
        return reverse(name, kwargs={"submission_id": submission.id}, request=self.context.get("request"))


AS_WRITTEN = ("checks", "cells", "phases", "limits", "runtime")


class ProblemOutput(serializers.Serializer[Any]):
    """An error as RFC 9457 has it."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(required=False)
    errors = serializers.ListField(  # type: ignore[assignment]  # a field here hides the property of that name
        child=serializers.DictField(child=serializers.CharField()), required=False
    )
