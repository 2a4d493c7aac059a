from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from learnpaths.accounts.models import User
from learnpaths.progress import kept_answers


@receiver(user_logged_in, dispatch_uid="adopt_answers")
def adopt_answers(sender: object, request: HttpRequest | None, user: User, **_: Any) -> None:
    if request is not None and hasattr(request, "session"):
        kept_answers.adopt(request, user)
