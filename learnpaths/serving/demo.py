"""Three accounts to look around with, for the embedded mode only; their passwords are random and shown once."""

import secrets

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from learnpaths.accounts.models import EDUCATORS, User

ROLES = ("learner", "educator", "admin")


@transaction.atomic
def make_accounts(*, reset: bool = False) -> dict[str, str]:
    """Return {address: new password} of the accounts that were missing, or of all three when `reset`."""
    return {
        user.email: _give_password(user) for user, is_new in (_find_or_make(role) for role in ROLES) if is_new or reset
    }


def _find_or_make(role: str) -> tuple[User, bool]:
    is_admin = role == "admin"
    user, is_new = get_user_model().objects.get_or_create(
        email=f"{role}@example.org",
        defaults={"display_name": f"Demo {role}", "is_staff": is_admin, "is_superuser": is_admin},
    )
    if is_new and role == "educator":
        user.groups.add(Group.objects.get_or_create(name=EDUCATORS)[0])
    if is_new:
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    return user, is_new


def _give_password(user: User) -> str:
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.is_active = True
    user.save(update_fields=["password", "is_active"])
    return password
