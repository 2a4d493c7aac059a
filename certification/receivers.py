"""Listen to the apps below: a completed step may have earned a certificate."""

from typing import Any

from django.dispatch import receiver

from certification import services
from learnpaths.accounts.models import User
from learnpaths.progress.signals import step_completed


@receiver(step_completed, dispatch_uid="certification.award")
def award_certificates(*, user: User, kind: str, slug: str, **_: Any) -> None:
    services.award_for_step(user=user, kind=kind, slug=slug)
