import re

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

from learnpaths.accounts import tokens
from learnpaths.accounts.models import ApiToken, User

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("url", ["/accounts/profile/", "/accounts/token/", "/accounts/email/", "/accounts/2fa/"])
def test_own_pages_need_an_account(client, alice, url):
    assert client.get(url).status_code == 302
    assert client.get(url).url.startswith("/accounts/login/?next=")
    client.force_login(alice)
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("url", ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"])
def test_entrance_pages_wear_the_site(client, url):
    page = client.get(url).text
    assert 'class="site-head"' in page
    assert "style=" not in page
    assert 'class="field' in page


def test_sign_up_and_sign_in(client, mailoutbox, password):
    answer = client.post("/accounts/signup/", {"email": "Dora@example.org", "password1": password})
    assert answer.status_code == 302
    assert User.objects.get().email == "dora@example.org"
    mail = mailoutbox[0]
    assert mail.subject == "[Learnpaths] Confirm your e-mail address"
    assert "example.com" not in mail.body
    link = re.search(r"http\S+/accounts/confirm-email/\S+", mail.body)[0]
    assert client.get(link).status_code in (200, 302)
    client.logout()
    assert client.post("/accounts/login/", {"login": "dora@EXAMPLE.org", "password": password}).status_code == 302
    assert "_auth_user_id" in client.session


def test_wrong_password_is_refused(client, alice):
    answer = client.post("/accounts/login/", {"login": alice.email, "password": "wrong"})
    assert answer.status_code == 200
    assert "errorlist" in answer.text
    assert "_auth_user_id" not in client.session


def test_weak_password_is_refused_and_the_address_stays_in_the_form(client):
    answer = client.post("/accounts/signup/", {"email": "dora@example.org", "password1": "12345"})
    assert "too short" in answer.text
    assert 'value="dora@example.org"' in answer.text
    assert not User.objects.exists()


def test_password_reset_mail(client, alice, mailoutbox):
    client.post("/accounts/password/reset/", {"email": alice.email})
    assert mailoutbox[0].subject == "[Learnpaths] Set a new password"
    assert "/accounts/password/reset/key/" in mailoutbox[0].body


def test_profile(client, alice):
    client.force_login(alice)
    client.post("/accounts/profile/", {"display_name": "  Alice   Adams ", "is_staff": "on", "email": "x@example.org"})
    alice.refresh_from_db()
    assert (alice.display_name, alice.is_staff, alice.email) == ("Alice Adams", False, "alice@example.org")


def test_name_too_long_is_refused_and_kept_in_the_form(client, alice):
    client.force_login(alice)
    answer = client.post("/accounts/profile/", {"display_name": "x" * 81})
    assert answer.status_code == 422
    assert "x" * 81 in answer.text
    alice.refresh_from_db()
    assert alice.display_name == ""


def test_token_is_made_shown_once_rotated_and_deleted(client, alice):
    client.force_login(alice)
    assert "You have no token" in client.get("/accounts/token/").text
    page = client.post("/accounts/token/new/").text
    first = re.search(r'id="key"[^>]* value="([^"]+)"', page)[1]
    assert ApiToken.objects.get(user=alice).digest == tokens.digest(first) != first
    assert first not in client.get("/accounts/token/").text
    assert client.get("/api/v1/exercises/", headers={"Authorization": f"Token {first}"}).status_code == 200
    client.post("/accounts/token/new/")
    assert ApiToken.objects.get(user=alice).digest != tokens.digest(first)
    assert client.get("/api/v1/exercises/", headers={"Authorization": f"Token {first}"}).status_code == 401
    client.post("/accounts/token/delete/")
    assert not ApiToken.objects.filter(user=alice).exists()


def test_token_is_not_made_by_a_link(client, alice):
    client.force_login(alice)
    assert client.get("/accounts/token/new/").status_code == 405
    assert not ApiToken.objects.exists()


def test_second_factor_can_be_set_up(client, alice, password):
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    client.post("/accounts/login/", {"login": alice.email, "password": password})
    asked = client.get("/accounts/2fa/totp/activate/", follow=True)
    page = client.post(asked.redirect_chain[-1][0], {"password": password}, follow=True).text
    assert 'class="qr" src="data:image/svg+xml' in page
    secret = re.search(r'value="([A-Z2-7]{16,})"', page)[1]
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    client.post("/accounts/2fa/totp/activate/", {"code": code})
    assert Authenticator.objects.filter(user=alice, type="totp").exists()
    client.logout()
    client.post("/accounts/login/", {"login": alice.email, "password": password})
    assert "_auth_user_id" not in client.session


def test_theme_comes_from_the_cookie(client):
    client.cookies["theme"] = "dark"
    assert '<html lang="en" data-theme="dark">' in client.get("/accounts/login/").text
    client.cookies["theme"] = '"><script>'
    assert '<html lang="en" >' in client.get("/accounts/login/").text
