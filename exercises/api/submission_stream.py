"""The events of a submission as a stream (`learnpaths.core.streams`), from where the client was last.

Between two looks it only waits; each look at the row borrows one of the web process's threads (`core/request_threads.py`).
"""

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from exercises import selectors
from exercises.assignment.run_events import Finished
from exercises.grading import events
from exercises.models import Submission
from learnpaths.accounts.tokens import TokenAuthentication
from learnpaths.core import streams
from learnpaths.core.problems import NotFound, NotSignedIn, TooMany, respond
from learnpaths.core.streams import ServerEvent

WAIT_SECONDS = 4.0  # below the socket timeout of the Redis client, which is 5 s


@require_GET
async def stream(request: HttpRequest, submission_id: UUID) -> HttpResponseBase:
    """Send what happens to a submission until it has finished. Continues after `Last-Event-ID` (or `?after=`)."""
    try:
        user = await sync_to_async(_authorised)(request, submission_id)
        after = events.position(streams.last_seen(request))
        return await streams.respond(user, _follow(submission_id, after))
    except (NotSignedIn, NotFound, TooMany) as problem:
        return respond(request, problem)


def _authorised(request: HttpRequest, submission_id: UUID) -> int:
    """Return the id of the person who may follow the submission. Raises NotSignedIn or NotFound."""
    user = _user(request)
    if selectors.find_submission(user, submission_id) is None:
        raise NotFound(_("There is no such submission, or it is not yours."))
    return int(user.pk)


def _user(request: HttpRequest) -> Any:
    try:
        by_token = TokenAuthentication().authenticate(Request(request))
    except AuthenticationFailed as error:
        raise NotSignedIn(error.detail) from error
    user = by_token[0] if by_token else request.user
    if not user.is_authenticated:
        raise NotSignedIn(_("Sign in, or send a token."))
    return user


async def _follow(submission_id: UUID, after: str) -> AsyncGenerator[ServerEvent | None, None]:
    """Yield the events, and None for each wait in vain. The row has the last word: a stream that was lost still ends with `finished`."""
    while True:
        outcome = await _outcome(submission_id)
        batch = await events.wait(submission_id, after, 0.001 if outcome else WAIT_SECONDS)
        for event in batch:
            yield ServerEvent(kind=event.kind, data=event.data, id=event.id)
            after = event.id
            if event.kind == events.FINISHED:
                return
        if outcome and not batch:
            yield ServerEvent(kind=events.FINISHED, data=dict(outcome))
            return
        if not batch:
            yield None


@sync_to_async
def _outcome(submission_id: UUID) -> Finished | None:
    close_old_connections()  # as at the beginning and at the end of a request
    try:
        submission = Submission.objects.filter(id=submission_id).first()
    finally:
        close_old_connections()
    if submission is None:
        return {"verdict": "cancelled", "points": None, "max_points": None, "passed": False}
    return submission.outcome() if submission.is_finished else None
