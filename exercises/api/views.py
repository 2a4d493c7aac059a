"""API v1: exercises, submissions. Errors are problem documents (`learnpaths.core.problems`)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import api_view, parser_classes, permission_classes, throttle_classes
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from exercises import selectors, services
from exercises.api.parsers import IpynbParser, JsonNotebookParser, NotebookFileParser
from exercises.api.serializers import (
    ExerciseDetailOutput,
    ExerciseOutput,
    ProblemOutput,
    SubmissionDetailOutput,
    SubmissionOutput,
)
from exercises.assignment.notebook_files import (
    MAX_FILE_BYTES,
    Intake,
    InvalidNotebook,
    learner_notebook,
    read_submission,
)
from exercises.models import Exercise, ExerciseVersion, Submission
from exercises.throttles import SubmitThrottle
from learnpaths.core.problems import Conflict, Forbidden, HttpProblem, NotFound, TooLarge, Unprocessable

NOTEBOOK = {"application/json": OpenApiTypes.OBJECT, "multipart/form-data": OpenApiTypes.OBJECT}
PAGE = [OpenApiParameter("limit", int), OpenApiParameter("offset", int)]
REFUSED = {
    422: OpenApiResponse(ProblemOutput, description="The notebook is refused; `errors` names the cells."),
    429: OpenApiResponse(ProblemOutput, description="Too often, or too many wait: `waiting` says how many."),
}
MISSING = {404: OpenApiResponse(ProblemOutput, description="There is no such thing, or it is not yours to see.")}


def _get_exercise(slug: str) -> tuple[Exercise, ExerciseVersion]:
    exercise = selectors.find_exercise(slug)
    if exercise is None or exercise.version is None:
        raise NotFound(_("There is no exercise of this name."))
    return exercise, exercise.version


def _get_submission(request: Request, submission_id: UUID) -> Submission:
    submission = selectors.find_submission(request.user, submission_id)
    if submission is None:
        raise NotFound(_("There is no such submission, or it is not yours."))
    return submission


def _page(rows: QuerySet[Any], serializer: Any, request: Request) -> Response:
    pages = LimitOffsetPagination()
    items = pages.paginate_queryset(rows, request)
    return pages.get_paginated_response(serializer(items, many=True, context={"request": request}).data)


@extend_schema(operation_id="list_exercises", parameters=PAGE, responses=ExerciseOutput(many=True))
@api_view(["GET"])
@permission_classes([AllowAny])
def exercises(request: Request) -> Response:
    """List the exercises."""
    return _page(Exercise.objects.listed(), ExerciseOutput, request)


@extend_schema(operation_id="read_exercise", responses={200: ExerciseDetailOutput, **MISSING})
@api_view(["GET"])
@permission_classes([AllowAny])
def exercise(request: Request, slug: str) -> Response:
    """Read an exercise: its checks, limits and data sets."""
    row, _version = _get_exercise(slug)
    return Response(ExerciseDetailOutput(row, context={"request": request}).data)


@extend_schema(operation_id="read_notebook", responses={(200, "application/json"): OpenApiTypes.OBJECT, **MISSING})
@api_view(["GET"])
@permission_classes([AllowAny])
def notebook(request: Request, slug: str) -> Response:
    """Read the learner's copy of the notebook (nbformat 4.5), with the starters."""
    _exercise, version = _get_exercise(slug)
    return Response(learner_notebook(version.parsed))


@extend_schema(methods=["GET"], operation_id="list_submissions", parameters=PAGE, responses=SubmissionOutput(many=True))
@extend_schema(
    methods=["POST"],
    operation_id="submit_notebook",
    request=NOTEBOOK,
    responses={202: SubmissionDetailOutput, **REFUSED, **MISSING},
)
@api_view(["GET", "POST"])
@parser_classes([JsonNotebookParser, IpynbParser, NotebookFileParser])
@throttle_classes([SubmitThrottle])
def submissions(request: Request, slug: str) -> Response:
    """List your submissions of an exercise, or submit a notebook: as the body, or as the file `notebook` of a form."""
    exercise, version = _get_exercise(slug)
    if request.method == "GET":
        return _page(selectors.history(request.user, exercise).select_related("exercise"), SubmissionOutput, request)
    intake = _intake(request, version)
    submission = services.submit(
        user=request.user, exercise=exercise, sources=intake.sources, repairs=tuple(intake.repairs)
    )
    body = SubmissionDetailOutput(submission, context={"request": request}).data
    location = reverse("api-submission", args=[submission.id])
    return Response(body, status=202, headers={"Location": request.build_absolute_uri(location)})


def _intake(request: Request, version: ExerciseVersion) -> Intake:
    raw = _bytes(request)
    if len(raw) > MAX_FILE_BYTES:
        raise TooLarge(
            _("A notebook has at most %(limit)s bytes. Clear its outputs.") % {"limit": f"{MAX_FILE_BYTES:,}"}
        )
    try:
        return read_submission(raw, version.parsed)
    except InvalidNotebook as error:
        raise Unprocessable(_("This notebook cannot be graded."), errors=error.to_json()) from error


def _bytes(request: Request) -> bytes:
    if isinstance(request.data, bytes):
        return request.data
    file = request.FILES.get("notebook")
    if file is None:
        raise HttpProblem(_("Send the notebook as the body of the request, or as the file `notebook` of a form."))
    return bytes(file.read(MAX_FILE_BYTES + 1))


@extend_schema(operation_id="read_submission", responses={200: SubmissionDetailOutput, **MISSING})
@api_view(["GET"])
def submission(request: Request, submission_id: UUID) -> Response:
    """Read a submission and its report."""
    row = _get_submission(request, submission_id)
    return Response(SubmissionDetailOutput(row, context={"request": request}).data)


@extend_schema(
    operation_id="cancel_submission",
    request=None,
    responses={
        200: SubmissionDetailOutput,
        409: OpenApiResponse(ProblemOutput, description="It had already finished."),
        **MISSING,
    },
)
@api_view(["POST"])
def cancel(request: Request, submission_id: UUID) -> Response:
    """Stop a submission that waits or runs. It does not count as an attempt."""
    row = _get_submission(request, submission_id)
    if not selectors.can_cancel(request.user, row):
        raise Forbidden(_("You may look at this submission, but not stop it."))
    if not services.cancel_submission(submission=row):
        raise Conflict(_("This submission had already finished."))
    return Response(SubmissionDetailOutput(row, context={"request": request}).data)
