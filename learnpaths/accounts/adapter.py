"""Our choices where allauth asks for them."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import passthrough_next_redirect_url
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Mails lead to the site's own address, whatever host name the request that caused them asked for, and back to where one was."""

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        own = {name: at_base(value) if name.endswith("url") else value for name, value in context.items()}
        own["current_site"] = SimpleNamespace(name=settings.SITE_NAME, domain=urlsplit(settings.BASE_URL).netloc)
        message: EmailMessage = super().render_mail(template_prefix, email, own, headers)
        return message

    def get_email_confirmation_url(self, request: HttpRequest, emailconfirmation: Any) -> str:
        """Return the link that confirms an address and then leads, by way of the sign-in where one is needed, to where one was."""
        link: str = super().get_email_confirmation_url(request, emailconfirmation)
        sign_in = passthrough_next_redirect_url(request, reverse("account_login"), REDIRECT_FIELD_NAME)
        return f"{link}?{urlencode({REDIRECT_FIELD_NAME: sign_in})}" if "?" in sign_in else link


def at_base(url: Any) -> Any:
    """Return an address of this site with the origin of BASE_URL."""
    if not isinstance(url, str):
        return url
    base, parts = urlsplit(settings.BASE_URL), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, parts.path, parts.query, parts.fragment))
