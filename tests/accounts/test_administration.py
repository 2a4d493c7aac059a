"""The doors of the admin site: one sign-in, a second factor, no secrets, and no way to powers that one lacks."""

import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission

from learnpaths.accounts import tokens
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


# --- one sign-in ---


@pytest.mark.parametrize("path", ["/admin/", "/admin/login/", "/admin/login/?next=/admin/", "/admin/accounts/user/"])
def test_the_administration_has_no_sign_in_of_its_own(client, path) -> None:
    page = client.get(path, follow=True)
    assert page.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert "this_is_the_login_form" not in page.text


def test_a_password_is_not_taken_at_the_old_door(client, charlie, password) -> None:
    answer = client.post("/admin/login/", {"username": charlie.email, "password": password, "next": "/admin/"})
    assert answer.status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_password_alone_does_not_pass_a_second_factor(client, charlie, password) -> None:
    EmailAddress.objects.create(user=charlie, email=charlie.email, primary=True, verified=True)
    Authenticator.objects.create(user=charlie, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    answer = client.post("/accounts/login/?next=/admin/", {"login": charlie.email, "password": password})
    assert "/2fa/" in answer.url
    assert client.get("/admin/").status_code == 302


def test_the_sign_in_does_not_lead_elsewhere(client, charlie) -> None:
    client.force_login(charlie)
    assert client.get("/admin/login/", {"next": "https://evil.example/"}).url == "/admin/"


def test_a_learner_is_told_no(client, alice) -> None:
    client.force_login(alice)
    assert client.get("/admin/", follow=True).status_code == 403


# --- the second factor ---


def test_staff_without_a_second_factor_are_led_to_set_one_up(client, charlie, settings) -> None:
    settings.REQUIRE_STAFF_MFA = True
    client.force_login(charlie)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain[-1][0] == "/accounts/2fa/"
    assert "needs a second factor" in page.text
    assert client.get("/admin/accounts/user/").status_code == 302
    assert client.post("/admin/accounts/user/add/", {}).status_code == 302


def test_recovery_codes_alone_are_no_second_factor(client, charlie, settings) -> None:
    settings.REQUIRE_STAFF_MFA = True
    Authenticator.objects.create(user=charlie, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x"})
    client.force_login(charlie)
    assert client.get("/admin/").status_code == 302


def test_staff_with_a_second_factor_come_in(client, charlie, settings) -> None:
    settings.REQUIRE_STAFF_MFA = True
    Authenticator.objects.create(user=charlie, type=Authenticator.Type.TOTP, data={"secret": "x"})
    client.force_login(charlie)
    assert client.get("/admin/").status_code == 200


# --- secrets ---


@pytest.mark.parametrize(
    "path", ["mfa/authenticator/", "authtoken/tokenproxy/", "authtoken/token/", "accounts/apitoken/"]
)
def test_secrets_are_not_in_the_administration(client, charlie, path) -> None:
    client.force_login(charlie)
    assert client.get(f"/admin/{path}").status_code == 404


def test_no_page_of_the_administration_shows_a_secret(client, charlie, alice) -> None:
    Authenticator.objects.create(user=alice, type=Authenticator.Type.TOTP, data={"secret": "TOPSECRETSEED"})
    token = rotate_token(user=alice)
    client.force_login(charlie)
    for path in ("", f"accounts/user/{alice.pk}/change/", f"accounts/user/{alice.pk}/delete/"):
        text = client.get(f"/admin/{path}").text
        assert "TOPSECRETSEED" not in text
        assert token not in text
        assert tokens.digest(token) not in text


def test_every_registered_model_of_rights_is_guarded() -> None:
    guarded = {
        model._meta.label for model, each in admin.site._registry.items() if type(each).__name__.startswith("Guarded")
    }
    assert guarded == {"auth.Group", "account.EmailAddress"}


# --- powers ---


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


# --- deleting a person ---


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


# --- mails ---


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:1234"])
def test_links_in_mails_lead_to_the_base_url(client, alice, mailoutbox, settings, host) -> None:
    settings.BASE_URL = "https://learn.example"
    EmailAddress.objects.create(user=alice, email=alice.email, primary=True, verified=True)
    client.post("/accounts/password/reset/", {"email": alice.email}, HTTP_HOST=host)
    client.post("/accounts/password/reset/", {"email": "nobody@example.org"}, HTTP_HOST=host)
    client.post("/accounts/signup/", {"email": "dora@example.org", "password1": "correct-horse-7"}, HTTP_HOST=host)
    assert len(mailoutbox) == 3
    for mail in mailoutbox:
        links = re.findall(r"https?://[^/\s]+", mail.body)
        assert links
        assert set(links) == {"https://learn.example"}
        assert host not in mail.body
