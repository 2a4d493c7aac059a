from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import BaseUserManager

if TYPE_CHECKING:
    from learnpaths.accounts.models import User


class UserManager(BaseUserManager["User"]):
    """Makes people, and finds them by address whatever its case."""

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return (email or "").strip().lower()

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=self.normalize_email(username))

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save and return a person; without a password they can only set one by e-mail.

        Raises ValueError for an empty address.
        """
        if not self.normalize_email(email):
            raise ValueError("A person needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Save and return an administrator."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})
