"""Who changes whose account in the admin site."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from learnpaths.accounts.models import ApiToken, User
from learnpaths.accounts.powers import may_change
from learnpaths.accounts.services import rotate_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(db) -> User:
    """Staff who may change people, and no superuser."""
    clerk = get_user_model().objects.create_user(email="clerk@example.org", password="x", is_staff=True)
    names = ["view_user", "add_user", "change_user", "delete_user", "view_group", "change_group", "view_emailaddress"]
    names += ["change_emailaddress", "add_group"]
    clerk.user_permissions.set(Permission.objects.filter(codename__in=names))
    return clerk


def people_url(user: User, what: str = "change/") -> str:
    return f"/admin/accounts/user/{user.pk}/{what}"


def test_a_clerk_changes_a_learner(client, clerk, alice) -> None:
    client.force_login(clerk)
    page = client.get(people_url(alice))
    assert page.status_code == 200
    assert not re.search(r'name="(is_superuser|is_staff|groups|user_permissions)"', page.text)
    client.post(people_url(alice), {"email": alice.email, "display_name": "Alice", "is_active": "on"})
    alice.refresh_from_db()
    assert alice.display_name == "Alice"


@pytest.mark.parametrize("target", ["alice", "clerk"])
def test_a_clerk_gives_nobody_rights(client, clerk, alice, target) -> None:
    person = {"alice": alice, "clerk": clerk}[target]
    before = set(person.user_permissions.values_list("pk", flat=True))
    group = Group.objects.create(name="powerful")
    client.force_login(clerk)
    client.post(
        people_url(person),
        {
            "email": person.email,
            "display_name": "",
            "is_active": "on",
            "is_staff": "on",
            "is_superuser": "on",
            "groups": [group.pk],
            "user_permissions": list(Permission.objects.values_list("pk", flat=True)[:5]),
        },
    )
    person = User.objects.get(pk=person.pk)
    assert not person.is_superuser
    assert person.is_staff == (target == "clerk")
    assert not person.groups.exists()
    assert set(person.user_permissions.values_list("pk", flat=True)) == before


@pytest.mark.parametrize("what", ["change/", "password/", "delete/"])
@pytest.mark.parametrize("target", ["superuser", "educator", "staff", "rights", "sleeping superuser"])
def test_a_clerk_does_not_touch_accounts_with_more_powers(client, clerk, alice, bob, charlie, what, target) -> None:
    """An address or a password that a clerk chose would be the clerk's way in."""
    person = {"superuser": charlie, "educator": bob, "sleeping superuser": charlie}.get(target, alice)
    if target == "staff":
        alice.is_staff = True
        alice.save()
        alice.user_permissions.add(Permission.objects.get(codename="view_submission"))
    if target == "rights":
        alice.user_permissions.add(Permission.objects.get(codename="change_submission"))
    if target == "sleeping superuser":
        charlie.is_active = False
        charlie.save()
    before = person.password
    client.force_login(clerk)
    form = {"email": "evil@example.org", "password1": "correct-horse-7", "password2": "correct-horse-7", "post": "yes"}
    client.post(people_url(person, what), form | {"is_active": "on", "display_name": ""})
    after = User.objects.get(pk=person.pk)
    assert (after.email, after.password, after.is_active) == (person.email, before, person.is_active)


def test_a_clerk_deletes_nobody_with_more_powers_in_bulk(client, clerk, charlie) -> None:
    client.force_login(clerk)
    form = {"action": "delete_selected", "_selected_action": [charlie.pk], "post": "yes"}
    client.post("/admin/accounts/user/", form)
    assert User.objects.filter(pk=charlie.pk).exists()


def test_a_clerk_changes_neither_groups_nor_addresses(client, clerk, charlie) -> None:
    group = Group.objects.create(name="clerks")
    clerk.groups.add(group)
    address = EmailAddress.objects.create(user=charlie, email=charlie.email, primary=True, verified=True)
    client.force_login(clerk)
    everything = list(Permission.objects.values_list("pk", flat=True))
    client.post(f"/admin/auth/group/{group.pk}/change/", {"name": "clerks", "permissions": everything})
    client.post("/admin/auth/group/add/", {"name": "more", "permissions": everything})
    client.post(
        f"/admin/account/emailaddress/{address.pk}/change/",
        {"user": charlie.pk, "email": "evil@example.org", "verified": "on", "primary": "on"},
    )
    assert not group.permissions.exists()
    assert not Group.objects.filter(name="more").exists()
    address.refresh_from_db()
    assert address.email == charlie.email


def test_a_superuser_may_do_all_of_it(client, charlie, bob) -> None:
    assert may_change(charlie, bob)
    client.force_login(charlie)
    form = {"email": bob.email, "display_name": "", "is_active": "on", "is_staff": "on"}
    client.post(people_url(bob), form)
    bob.refresh_from_db()
    assert bob.is_staff


def test_a_superuser_deletes_a_person(client, charlie, alice) -> None:
    rotate_token(user=alice)
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "x"})
    EmailAddress.objects.create(user=alice, email=alice.email)
    client.force_login(charlie)
    page = client.get(people_url(alice, "delete/"))
    assert "Are you sure" in page.text
    client.post(people_url(alice, "delete/"), {"post": "yes"})
    assert not User.objects.filter(pk=alice.pk).exists()
    assert not ApiToken.objects.exists()


def test_whose_decisions_the_log_keeps_is_deactivated_instead(client, charlie) -> None:
    other = User.objects.create_superuser(email="other@example.org", password="x")
    LogEntry.objects.log_actions(other.pk, User.objects.filter(pk=charlie.pk), CHANGE, "decided")
    client.force_login(charlie)
    page = client.get(people_url(other, "delete/"))
    assert "audit log keeps" in page.text
    client.post(people_url(other, "delete/"), {"post": "yes"})
    assert User.objects.filter(pk=other.pk).exists()
    assert LogEntry.objects.filter(user=other).exists()


def test_admin_of_people(client, charlie, alice):
    client.force_login(charlie)
    assert client.get("/admin/accounts/user/").status_code == 200
    assert client.get(f"/admin/accounts/user/{alice.pk}/change/").status_code == 200
    form = {"email": "Dora@Example.org", "display_name": "", "password1": "correct-horse", "password2": "correct-horse"}
    client.post("/admin/accounts/user/add/", form | {"usable_password": "true"})
    assert User.objects.filter(email="dora@example.org").exists()
