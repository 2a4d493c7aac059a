"""Listen to the apps below: a completed step, or the last checkpoint, may have earned a certificate."""

from typing import Any

from django.dispatch import receiver

from certification import services
from learnpaths.accounts.models import User
from learnpaths.progress.signals import checkpoint_answered, step_completed


@receiver(step_completed, dispatch_uid="certification.award")
def award_certificates(*, user: User, kind: str, slug: str, **_: Any) -> None:
    services.award_for_step(user=user, kind=kind, slug=slug)


@receiver(checkpoint_answered, dispatch_uid="certification.award_for_checkpoint")
def award_for_checkpoint(*, user: User, lesson: str, **_: Any) -> None:
    services.award_for_step(user=user, kind="lesson", slug=lesson)
