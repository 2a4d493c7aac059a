"""Mails lead to the site's own address."""

import re

import pytest
from allauth.account.models import EmailAddress

pytestmark = pytest.mark.django_db


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
