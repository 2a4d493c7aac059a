"""Answers to checkpoints: kept with the account, or, for a visitor, in the session until they sign in."""

from dataclasses import dataclass

from django.http import HttpRequest

from learnpaths.accounts.models import User
from learnpaths.catalog.checkpoints import Judgement, NotAnAnswer, judge
from learnpaths.catalog.models import Checkpoint, Lesson
from learnpaths.progress import selectors, services

_SESSION_KEY = "checkpoints"  # {lesson: {checkpoint: answer}}
_MOST_KEPT = 200  # answers of a visitor


@dataclass(frozen=True)
class Answered:
    """A checkpoint as one person sees it. `error` says why the answer could not be judged."""

    checkpoint: Checkpoint
    answer: str = ""
    judgement: Judgement | None = None
    error: str = ""


def give(request: HttpRequest, checkpoint: Checkpoint, answer: str) -> Answered:
    """Judge an answer and keep it. Raises NotAnAnswer."""
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
    else:
        _keep_in_session(request, lesson, checkpoint.slug, answer)
    return Answered(checkpoint, answer, judgement)


def _keep_in_session(request: HttpRequest, lesson: str, checkpoint: str, answer: str) -> None:
    kept = request.session.setdefault(_SESSION_KEY, {})
    if sum(map(len, kept.values())) < _MOST_KEPT:
        kept.setdefault(lesson, {})[checkpoint] = answer
        request.session.modified = True


def of_lesson(request: HttpRequest, lesson: Lesson) -> dict[str, Answered]:
    """Return every checkpoint of the lesson with what the person behind the request answered."""
    slug = lesson.step.slug
    if request.user.is_authenticated:
        known = selectors.answers(request.user, slug)
    else:
        known = request.session.get(_SESSION_KEY, {}).get(slug, {})
    return {row.slug: _answered(row, known.get(row.slug)) for row in lesson.checkpoints.all()}


def _answered(checkpoint: Checkpoint, answer: str | None) -> Answered:
    if answer is None:
        return Answered(checkpoint)
    try:
        return Answered(checkpoint, answer, judge(checkpoint.kind, checkpoint.definition, answer))
    except NotAnAnswer:
        return Answered(checkpoint)  # the question changed since


def adopt(request: HttpRequest, user: User) -> None:
    """Move a visitor's answers from the session to the account they signed in to; the account's own win."""
    for lesson, known in request.session.pop(_SESSION_KEY, {}).items():
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
