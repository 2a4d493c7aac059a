"""What an account may do, so that nobody gives themselves or others what they do not have."""

from django.contrib.auth.models import Permission
from django.db.models import Q

from learnpaths.accounts.models import User


def powers_of(user: User) -> frozenset[str]:
    """Return all that an account may do while it is active: rights, groups, and the two marks above them."""
    rights = Permission.objects.filter(Q(user=user) | Q(group__user=user)).values_list(
        "content_type__app_label", "codename"
    )
    return frozenset(
        {f"right {app}.{name}" for app, name in rights}
        | {
            f"group {name}" for name in user.groups.values_list("name", flat=True)
        }  # a group may mean more than its rights
        | ({"staff"} if user.is_staff else set())
        | ({"superuser"} if user.is_superuser else set())
    )


def may_change(actor: User, person: User) -> bool:
    """True if changing that account (its address and password are ways into it) gives `actor` no power they lack."""
    return actor.is_superuser or powers_of(person) <= powers_of(actor)
