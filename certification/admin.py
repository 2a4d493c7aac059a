"""The admin's view: read everything; revoke or reissue, each with a reason that the audit log keeps."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from certification import selectors, services, tasks
from certification.models import Certificate, Credential, StatusList

WAITS = {
    "name": gettext_lazy("Its holder has no name that can be signed."),
    "record": gettext_lazy("What was earned is not on record."),
    "key": gettext_lazy("The signing key cannot be read."),
    "fault": gettext_lazy("Signing failed."),
    "turn": gettext_lazy("No worker has taken it: look after the queue default and its workers."),
    "signature": gettext_lazy("It is being signed."),
}


class UneditableAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that come from files or from the engine: nobody types into them."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return [field.name for field in self.model._meta.fields]


@admin.register(Credential)
class CredentialAdmin(UneditableAdmin):
    list_display = ["slug", "title", "path", "is_listed", "can_be_earned"]
    list_filter = ["is_listed"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credential]:
        return super().get_queryset(request).select_related("path").prefetch_related("path__units__steps")

    @admin.display(description=gettext_lazy("Can be earned"), boolean=True)
    def can_be_earned(self, credential: Credential) -> bool:
        return selectors.can_be_earned(credential)


@admin.register(StatusList)
class StatusListAdmin(UneditableAdmin):
    list_display = ["id", "created_at"]


@admin.register(Certificate)
class CertificateAdmin(UneditableAdmin):
    list_display = ["holder_name", "title", "state", "waits", "awarded_at", "issued_at", "valid_until", "page"]
    list_filter = ["state", "problem", "credential", "issued_at", "valid_until"]
    list_select_related = ["credential"]
    search_fields = ["id", "holder_name", "user__email"]
    date_hierarchy = "awarded_at"
    actions = ["issue", "revoke", "reissue"]

    @admin.display(description=gettext_lazy("Title"))
    def title(self, certificate: Certificate) -> str:
        return certificate.title

    @admin.display(description=gettext_lazy("Why it is not signed"))
    def waits(self, certificate: Certificate) -> str:
        """What a pending certificate waits for; for a fault also what was said when it was last tried."""
        reason = certificate.waits_for
        return f"{WAITS[reason]} {certificate.problem_detail}".strip() if reason else ""

    @admin.display(description=gettext_lazy("Page"))
    def page(self, certificate: Certificate) -> str:
        return format_html('<a href="{}">{}</a>', certificate.get_absolute_url(), str(certificate.id)[:8])

    @admin.action(description=gettext_lazy("Sign now what waits for its signature"), permissions=["change"])
    def issue(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> None:
        sent = sum(tasks.send(certificate.id) for certificate in queryset if certificate.is_pending)
        self.message_user(request, ngettext("%(n)d certificate sent.", "%(n)d certificates sent.", sent) % {"n": sent})

    @admin.action(description=gettext_lazy("Revoke, with a reason"), permissions=["change"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> HttpResponse | None:
        return self._decide(request, queryset, "revoke", _("Revoke these certificates?"), services.revoke)

    @admin.action(description=gettext_lazy("Reissue with the holder's present name"), permissions=["change"])
    def reissue(self, request: HttpRequest, queryset: QuerySet[Certificate]) -> HttpResponse | None:
        return self._decide(request, queryset, "reissue", _("Reissue these certificates?"), services.reissue)

    def _decide(
        self,
        request: HttpRequest,
        queryset: QuerySet[Certificate],
        action: str,
        title: str,
        service: Callable[..., None],
    ) -> HttpResponse | None:
        """Ask for the reason first, then do it one by one: what is refused is told, the rest is done."""
        chosen = queryset.select_related("credential", "user")
        reason = request.POST.get("reason", "").strip()
        if not reason:
            context = self.admin_site.each_context(request) | {
                "title": title,
                "certificates": chosen,
                "action": action,
                "is_asked_again": "reason" in request.POST,
                "opts": self.model._meta,
            }
            return TemplateResponse(request, "admin/certification/decide.html", context)
        done = 0
        for certificate in chosen:
            try:
                service(certificate=certificate, reason=reason, actor=request.user)
                done += 1
            except ValidationError as error:
                self.message_user(request, f"{certificate.holder_name}: {' '.join(error.messages)}", messages.ERROR)
        self.message_user(request, ngettext("%(n)d certificate done.", "%(n)d certificates done.", done) % {"n": done})
        return None
