"""Change what belongs to a person."""

from django.db import transaction
from rest_framework.authtoken.models import Token

from learnpaths.accounts.models import User


@transaction.atomic
def rotate_token(*, user: User) -> str:
    """Make a new API token and return it; the old one stops working at once."""
    Token.objects.filter(user=user).delete()
    return str(Token.objects.create(user=user).key)


def delete_token(*, user: User) -> None:
    """Take the API token away."""
    Token.objects.filter(user=user).delete()
