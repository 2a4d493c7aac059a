"""The doors of the admin site: one sign-in, a second factor, no secrets, and no way to powers that one lacks."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission

from learnpaths.accounts import tokens
from learnpaths.accounts.models import User
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


def test_the_site_s_name_stands_over_the_administration(client, charlie, settings):
    client.force_login(charlie)
    page = client.get("/admin/").text
    assert "Learnpaths administration" in page
    assert "Django administration" not in page
