"""Keeps answers to checkpoints: with the account, or, for a visitor, in a cookie until they sign in.

Whether an answer is right is decided in `catalog.checkpoints`. A cookie and not a session, which would be a row in the database
for everybody who ever clicked on an answer.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.deprecation import MiddlewareMixin

from learnpaths.accounts.models import User
from learnpaths.catalog.checkpoints import Judgement, NotAnAnswer, judge
from learnpaths.catalog.models import Checkpoint, Lesson
from learnpaths.progress import selectors, services

COOKIE = "checkpoints"  # signed and compressed: {lesson: {checkpoint: answer}}, the latest last
_ADOPTED = "learnpaths.answers_adopted"
_SALT = "progress.answers"  # signed with it: another one would lose what browsers keep
_AGE = timedelta(days=14)
_LONGEST = 3500  # characters of a cookie that every browser keeps; then the earliest answers go


@dataclass(frozen=True)
class Answered:
    """A checkpoint as one person sees it. `error` says why the answer could not be judged."""

    checkpoint: Checkpoint
    answer: str = ""
    judgement: Judgement | None = None
    error: str = ""


def submit(request: HttpRequest, checkpoint: Checkpoint, answer: str) -> Answered:
    """Have an answer judged, and keep it where there is an account. Raises NotAnAnswer."""
    lesson, answer = checkpoint.lesson.step.slug, answer.strip()[:60]
    judgement = judge(checkpoint.kind, checkpoint.definition, answer)
    if isinstance(request.user, User):
        services.record_answer(
            user=request.user,
            lesson=lesson,
            checkpoint=checkpoint.slug,
            answer=answer,
            is_correct=judgement.is_correct,
        )
    return Answered(checkpoint, answer, judgement)


def set_cookie(request: HttpRequest, response: HttpResponse, answered: Answered) -> None:
    """Keep a visitor's answer in their browser. One that could not be judged is kept nowhere."""
    if isinstance(request.user, User) or answered.judgement is None:
        return
    kept = _read_cookie(request)
    lesson = answered.checkpoint.lesson.step.slug
    kept[lesson] = kept.pop(lesson, {}) | {answered.checkpoint.slug: answered.answer}
    while len(text := signing.dumps(kept, salt=_SALT, compress=True)) > _LONGEST and len(kept) > 1:
        del kept[next(iter(kept))]
    response.set_cookie(
        COOKIE, text, max_age=_AGE, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


class AdoptedAnswersMiddleware(MiddlewareMixin):
    """Takes answers out of the browser once an account has them: the next person there has not given them."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if _ADOPTED in request.META and COOKIE in request.COOKIES:
            response.delete_cookie(COOKIE, samesite="Lax")
        return response


def _read_cookie(request: HttpRequest) -> dict[str, dict[str, str]]:
    """Return the answers that the browser kept; none where it sends something else."""
    try:
        kept: dict[str, dict[str, str]] = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_AGE)
    except signing.BadSignature:
        return {}
    return kept


def of_lesson(request: HttpRequest, lesson: Lesson) -> dict[str, Answered]:
    """Return every checkpoint of the lesson with what the person behind the request answered."""
    slug = lesson.step.slug
    if request.user.is_authenticated:
        known = selectors.answers(request.user, slug)
    else:
        known = _read_cookie(request).get(slug, {})
    return {row.slug: _answered(row, known.get(row.slug)) for row in lesson.checkpoints.all()}


def _answered(checkpoint: Checkpoint, answer: str | None) -> Answered:
    if answer is None:
        return Answered(checkpoint)
    try:
        return Answered(checkpoint, answer, judge(checkpoint.kind, checkpoint.definition, answer))
    except NotAnAnswer:
        return Answered(checkpoint)  # the question changed since


def adopt(request: HttpRequest, user: User) -> None:
    """Move a visitor's answers from their browser to the account they signed in to; the account's own win."""
    request.META[_ADOPTED] = True  # the answer to this request takes them out of the browser
    for lesson, known in _read_cookie(request).items():
        already = selectors.answers(user, lesson)
        checkpoints = Checkpoint.objects.filter(lesson__step__kind="lesson", lesson__step__slug=lesson, slug__in=known)
        for checkpoint in checkpoints.exclude(slug__in=already):
            answered = _answered(checkpoint, known[checkpoint.slug])
            if answered.judgement:
                services.record_answer(
                    user=user,
                    lesson=lesson,
                    checkpoint=checkpoint.slug,
                    answer=answered.answer,
                    is_correct=answered.judgement.is_correct,
                )
