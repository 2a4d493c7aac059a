"""API tokens: random, shown once, kept only as a hash (a random token needs no slow one)."""

import hashlib
import secrets
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import authentication
from rest_framework.exceptions import AuthenticationFailed

from learnpaths.accounts.models import ApiToken, User


def make() -> str:
    return secrets.token_urlsafe(32)


def digest(key: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(key.encode()).hexdigest()


class TokenAuthentication(authentication.TokenAuthentication):
    """`Authorization: Token …`, compared by hash."""

    model = ApiToken

    def authenticate_credentials(self, key: str) -> tuple[User, Any]:
        token = ApiToken.objects.select_related("user").filter(digest=digest(key)).first()
        if token is None or not token.user.is_active:
            raise AuthenticationFailed(_("Invalid token."))
        return token.user, token
