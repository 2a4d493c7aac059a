"""Server-sent events of a submission, from where the client was last. An async view: a stream costs no thread."""

import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import redis
from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from exercises import events, selectors
from exercises.models import Submission
from learnpaths.accounts.tokens import TokenAuthentication
from learnpaths.core.problems import NotFound, NotSignedIn, respond

WAIT_SECONDS = 4.0  # below the socket timeout of the Redis client, which is 5 s
KEEP_ALIVE = ": keep-alive\n\n"
RETRY = "retry: 2000\n\n"
HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@require_GET
async def stream(request: HttpRequest, submission_id: UUID) -> HttpResponseBase:
    """Send what happens to a submission until it has finished. Continues after `Last-Event-ID` (or `?after=`)."""
    try:
        submission = await sync_to_async(_authorised)(request, submission_id)
    except (NotSignedIn, NotFound) as problem:
        return respond(request, problem)
    after = request.headers.get("Last-Event-ID") or request.GET.get("after", "")
    lines = _lines(submission.id, events.position(after))
    return StreamingHttpResponse(lines, content_type="text/event-stream", headers=HEADERS)


def _authorised(request: HttpRequest, submission_id: UUID) -> Submission:
    submission = selectors.find_submission(_user(request), submission_id)
    if submission is None:
        raise NotFound(_("There is no such submission, or it is not yours."))
    return submission


def _user(request: HttpRequest) -> Any:
    try:
        by_token = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed as error:
        raise NotSignedIn(error.detail) from error
    user = by_token[0] if by_token else request.user
    if not user.is_authenticated:
        raise NotSignedIn(_("Sign in, or send a token."))
    return user


async def _lines(submission_id: UUID, after: str) -> AsyncIterator[str]:
    """Yield the events as text. The row has the last word: a stream that was lost still ends with `finished`."""
    yield RETRY
    while True:
        outcome = await _outcome(submission_id)
        try:
            found = await events.wait(submission_id, after, 0.001 if outcome else WAIT_SECONDS)
        except redis.RedisError:
            return  # the client comes back, or asks for the status instead
        for event in found:
            yield _text(event.kind, event.data, event.id)
            after = event.id
            if event.kind == events.FINISHED:
                return
        if outcome and not found:
            yield _text(events.FINISHED, outcome)
            return
        if not found:
            yield KEEP_ALIVE


async def _outcome(submission_id: UUID) -> dict[str, Any] | None:
    submission = await Submission.objects.filter(id=submission_id).afirst()
    if submission is None:
        return {"verdict": "cancelled", "points": None, "max_points": None, "passed": False}
    return submission.outcome() if submission.is_finished else None


def _text(kind: str, data: dict[str, Any], event_id: str = "") -> str:
    head = f"id: {event_id}\n" if event_id else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data)}\n\n"
