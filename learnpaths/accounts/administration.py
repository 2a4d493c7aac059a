"""The admin site behind the one sign-in of the whole site, with a second factor, without anybody's secrets."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from learnpaths.accounts.models import User

SECRETS = frozenset(
    {"mfa.authenticator", "authtoken.token", "authtoken.tokenproxy", "accounts.apitoken"}
)  # never shown, never typed
POWERFUL = frozenset({"auth.group", "account.emailaddress"})  # rights of others, and ways into their accounts


class SuperusersOnly:
    """Rows whose change can give somebody powers: a superuser's affair."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_superuser(request)


class Administration(admin.AdminSite):
    """Whoever is not signed in, or lacks the second factor, is led to the pages that everybody else uses for that."""

    site_title = site_header = format_lazy(_lazy("{site} administration"), site=settings.SITE_NAME)
    index_title = _lazy("What this site keeps")

    def register(
        self, model_or_iterable: Any, admin_class: "type[admin.ModelAdmin[Any]] | None" = None, **options: Any
    ) -> None:
        """Register models, but keep secrets out and what gives powers to superusers."""
        models: Iterable[type[Model]] = (
            [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        )
        for model in models:
            label = model._meta.label_lower
            if label in SECRETS:
                continue
            given = admin_class or admin.ModelAdmin
            super().register(model, _for_superusers(given) if label in POWERFUL else given, **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and has_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the site's own sign-in, which has limits and second factors; never take a password here."""
        target = request.GET.get("next", "")
        if not url_has_allowed_host_and_scheme(target, {request.get_host()}, request.is_secure()):
            target = "/admin/"
        if not request.user.is_authenticated:
            return redirect_to_login(target, settings.LOGIN_URL)
        if not (request.user.is_active and request.user.is_staff):
            raise PermissionDenied(_("Your account may not open the administration."))
        if not has_second_factor(request):
            messages.warning(
                request, _("The administration needs a second factor. Set one up here, then open it again.")
            )
            return redirect("mfa_index")
        return redirect(target)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")


def has_second_factor(request: HttpRequest) -> bool:
    """True if the person has an authenticator app or a key, or none is asked for here."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # recovery codes alone are no second factor
    return not settings.REQUIRE_STAFF_MFA or get_adapter().is_mfa_enabled(request.user, kinds)


def _is_superuser(request: HttpRequest) -> bool:
    return isinstance(request.user, User) and request.user.is_active and request.user.is_superuser


def _for_superusers(given: "type[admin.ModelAdmin[Any]]") -> "type[admin.ModelAdmin[Any]]":
    return type(f"Guarded{given.__name__}", (SuperusersOnly, given), {})
