from collections.abc import Iterable
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learnpaths.accounts import powers
from learnpaths.accounts.models import User

RIGHTS = ("is_staff", "is_superuser", "groups", "user_permissions")


class NewUserForm(BaseUserCreationForm):  # type: ignore[type-arg]  # generic only in the stubs
    class Meta:
        model = User
        fields = ("email", "display_name")
        field_classes: ClassVar[dict[str, Any]] = {}


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """People by e-mail; educators are members of the group of that name.

    Only a superuser gives rights. Others change only accounts that may do nothing that they may not: an address or a
    password that somebody else chose is a way into the account.
    """

    add_form = NewUserForm
    ordering = ("email",)
    list_display = ("email", "display_name", "is_staff", "is_active", "date_joined")
    list_filter = ("is_staff", "is_active", "groups")
    search_fields = ("email", "display_name")
    readonly_fields = ("last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "display_name", "password")}),
        (gettext_lazy("Rights"), {"fields": ("is_active", *RIGHTS)}),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "display_name", "password1", "password2")}),)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.readonly_fields if request.user.is_superuser else (*self.readonly_fields, *RIGHTS)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and self._is_below(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and self._is_below(request, obj)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[str], dict[Any, Any], set[Any], list[str]]:
        """What goes with a person is shown; that nobody types into it must not keep a superuser from deleting them."""
        people = list(objs)
        to_delete, counts, missing, protected = super().get_deleted_objects(people, request)
        if not request.user.is_superuser:
            refused = [person for person in people if not self._is_below(request, person)]
            return to_delete, counts, missing | {_("person")} if refused else missing, protected
        return to_delete, counts, set(), [*protected, *_kept_by_the_audit_log(people)]

    def _is_below(self, request: HttpRequest, person: Any) -> bool:
        return person is None or (isinstance(request.user, User) and powers.may_change(request.user, person))


def _kept_by_the_audit_log(people: Iterable[User]) -> list[str]:
    """Name those whose decisions the audit log keeps: they can be deactivated, not deleted."""
    acted = set(LogEntry.objects.filter(user__in=people).values_list("user_id", flat=True))
    return [
        _("%(person)s decided things that the audit log keeps. Unset “active” instead.") % {"person": person}
        for person in people
        if person.pk in acted
    ]
