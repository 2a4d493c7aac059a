"""Our choices where allauth asks for them."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Mails lead to the site's own address, whatever host name the request that caused them asked for."""

    def render_mail(
        self, template_prefix: str, email: Any, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        own = {name: at_base(value) if name.endswith("url") else value for name, value in context.items()}
        own["current_site"] = SimpleNamespace(name=settings.SITE_NAME, domain=urlsplit(settings.BASE_URL).netloc)
        message: EmailMessage = super().render_mail(template_prefix, email, own, headers)
        return message


def at_base(url: Any) -> Any:
    """Return an address of this site with the origin of BASE_URL."""
    if not isinstance(url, str):
        return url
    base, parts = urlsplit(settings.BASE_URL), urlsplit(url)
    return urlunsplit((base.scheme, base.netloc, parts.path, parts.query, parts.fragment))
