"""A person: the e-mail is the login, the display name is what others see."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from learnpaths.accounts import names
from learnpaths.accounts.managers import UserManager

EDUCATORS = "educators"  # the Django group whose members may teach


class User(AbstractBaseUser, PermissionsMixin):
    """An account. Addresses are kept in lower case, so one address is one account."""

    email = models.EmailField(_("e-mail address"), max_length=254, unique=True)
    display_name = models.CharField(
        _("display name"),
        max_length=80,
        blank=True,
        help_text=_("Shown on your certificates and in a class. Use the name you want a certificate to carry."),
    )
    is_staff = models.BooleanField(_("staff"), default=False, help_text=_("May open the admin site."))
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Unset this instead of deleting a person."))
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [models.UniqueConstraint(Lower("email"), name="one_account_per_address")]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        super().clean()
        self.email = UserManager.normalize_email(self.email)
        try:
            self.display_name = names.clean(self.display_name)
        except ValidationError as error:
            raise ValidationError({"display_name": error}) from None

    def get_full_name(self) -> str:
        """Return the name to show to others; never the whole e-mail address."""
        return self.display_name or self.email.partition("@")[0]

    def get_short_name(self) -> str:
        return self.get_full_name()

    def email_user(self, subject: str, message: str) -> None:
        """Send one plain mail from the site's address."""
        send_mail(subject, message, None, [self.email])

    @cached_property
    def is_educator(self) -> bool:
        """True for members of the group `educators` and for administrators."""
        return self.is_active and (self.is_superuser or self.groups.filter(name=EDUCATORS).exists())


class ApiToken(models.Model):
    """What a program of a person shows in their name; only its hash is kept."""

    user = models.OneToOneField(User, models.CASCADE, related_name="api_token", verbose_name=_("person"))
    digest = models.CharField(_("hash"), max_length=64, unique=True, editable=False)
    created = models.DateTimeField(_("made"), auto_now_add=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.created:%Y-%m-%d}"
