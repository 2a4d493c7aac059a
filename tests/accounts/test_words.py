"""What allauth says is said in this site's words: one spelling of e-mail, sentence case, nobody to contact who is not there."""

import ast
import gettext
import re
from pathlib import Path

import allauth
import pytest
from django.conf import settings
from django.contrib.auth.password_validation import get_default_password_validators
from django.utils.translation import gettext as translate
from django.utils.translation import override

from learnpaths.accounts.forms import PASSWORD_RULES

CATALOGUE = settings.BASE_DIR / "learnpaths/accounts/locale/en/LC_MESSAGES/django.po"
ALLAUTHS = Path(allauth.__file__).parent / "locale/de/LC_MESSAGES/django.po"  # it has every text of allauth
NEVER_MET = re.compile(
    "phone|passkey|socialaccount|idp/|usersessions|openid|code|username|headless|admin.py", re.IGNORECASE
)
STRING = r'((?:"(?:[^"\\]|\\.)*"\s*)+)'


def read(file):
    """Yield where each text of a catalogue stands, the text, and what it becomes."""
    for block in file.read_text().split("\n\n"):
        if (text := _string("msgid", block)) and (became := re.findall(rf"^msgstr(?:\[\d\])? {STRING}", block, re.M)):
            yield " ".join(re.findall("^#: (.*)", block, re.M)), text, [_value(each) for each in became]


def _string(name, block):
    match = re.search(rf"^{name} {STRING}", block, re.MULTILINE)
    return match and _value(match[1])


def _value(text):
    return "".join(ast.literal_eval(line) for line in text.strip().splitlines())


def test_the_compiled_catalogue_is_the_written_one():
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    written = list(read(CATALOGUE))
    assert len(written) > 100
    for _place, text, became in written:
        assert compiled.gettext(text) == became[0] or compiled.ngettext(text, "", 2) == became[1]
    assert len(compiled._catalog) == 1 + sum(len(became) for _place, _text, became in written)


def test_every_text_that_is_said_otherwise_is_one_of_theirs():
    theirs = {text for _place, text, _became in read(ALLAUTHS)} | {"Enter a valid email address."}
    assert [text for _place, text, _became in read(CATALOGUE) if text not in theirs] == []


def test_nothing_of_allauth_that_a_person_meets_is_spelled_otherwise():
    own = {path.name for path in (settings.BASE_DIR / "templates/account/email").iterdir()}
    with override("en"):
        said = [
            translate(text)
            for place, text, _became in read(ALLAUTHS)
            if not NEVER_MET.search(place + text)
            and not own & {each.rpartition("/")[2].partition(":")[0] for each in place.split()}
        ]
    wrong = re.compile(r"(?i:contact us)|(?<![%(\w-])[Ee]mail\b|\b[A-Z][a-z]+ (?:[A-Z][a-z]+)\b")
    assert [text for text in said if wrong.search(re.sub(r"%\(\w+\)s|<[^>]+>", "", text))] == []


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/accounts/signup/", "/accounts/login/", "/accounts/password/reset/"])
def test_a_page_in_these_words(client, url):
    page = client.get(url).text
    assert "E-mail address" in page
    assert "mail address</label>" in page.replace("E-mail", "mail")
    assert "Email" not in page


@pytest.mark.django_db
def test_the_rules_of_passwords_stand_in_one_line_and_are_the_rules(client):
    assert str(PASSWORD_RULES) in client.get("/accounts/signup/").text
    assert f"At least {get_default_password_validators()[1].min_length} characters" in str(PASSWORD_RULES)
    for refused in ("short-7", "1234567890", "password1", "dora@example.org"):
        answer = client.post("/accounts/signup/", {"email": "dora@example.org", "password1": refused})
        assert answer.status_code == 200, refused


@pytest.mark.django_db
@pytest.mark.parametrize("url", ["/accounts/password/change/", "/accounts/password/set/"])
def test_changing_a_password_says_the_rules_too(client, alice, url):
    if "set" in url:
        alice.set_unusable_password()
        alice.save()
    client.force_login(alice)
    assert str(PASSWORD_RULES) in client.get(url).text


@pytest.mark.django_db
def test_a_changed_password_leads_to_the_sign_in(client):
    assert 'href="/accounts/login/">Sign in with it' in client.get("/accounts/password/reset/key/done/").text
