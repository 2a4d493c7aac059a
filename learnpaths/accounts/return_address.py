"""Where a person is led back to after signing in or creating an account: the page that they came from."""

from urllib.parse import urlencode

from allauth.account.utils import get_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest

ENTRANCES = ("account_", "mfa_")  # how the names of the pages begin that one does not want to come back to


def return_query(request: HttpRequest) -> str:
    """Return `?next=…` for a link to a page that signs in; empty where the start page is as good."""
    address = _given_address(request) if _is_entrance(request) else request.get_full_path()
    return "?" + urlencode({REDIRECT_FIELD_NAME: address}) if address not in ("", "/") else ""


def _given_address(request: HttpRequest) -> str:
    """Return what the page itself was given: an address of this site, or nothing."""
    return get_next_redirect_url(request) or ""


def _is_entrance(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and (match.url_name or "").startswith(ENTRANCES)
