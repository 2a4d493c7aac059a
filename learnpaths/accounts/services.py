"""Change what belongs to a person."""

from django.db import transaction

from learnpaths.accounts import tokens
from learnpaths.accounts.models import ApiToken, User


@transaction.atomic
def rotate_token(*, user: User) -> str:
    """Make a new API token and return it, which nobody can do again; the old one stops working at once."""
    delete_token(user=user)
    key = tokens.make()
    ApiToken.objects.create(user=user, digest=tokens.digest(key))
    return key


def delete_token(*, user: User) -> None:
    """Take the API token away."""
    ApiToken.objects.filter(user=user).delete()
