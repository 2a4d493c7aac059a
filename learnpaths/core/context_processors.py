from typing import Any

from django.conf import settings
from django.http import HttpRequest

THEMES = ("light", "dark")
THEME_COOKIE = "theme"


def site(request: HttpRequest) -> dict[str, Any]:
    """What every template may use: the site's name, its public origin, where its operator is found, and the theme chosen in this browser."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    return {
        "site_name": settings.SITE_NAME,
        "base_url": settings.BASE_URL,
        "contact_url": f"mailto:{settings.CONTACT}" if "@" in settings.CONTACT.partition("/")[0] else settings.CONTACT,
        "theme": theme if theme in THEMES else "",
    }
