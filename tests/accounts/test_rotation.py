"""A new SECRET_KEY beside the old one as a fallback signs nobody out; alone it signs everybody out."""

import pytest
from django.urls import reverse

OLD, NEW = "old" * 20, "new" * 20


@pytest.mark.parametrize(("fallbacks", "status"), [([OLD], 200), ([], 302)])
def test_a_session_after_the_rotation(client, alice, settings, fallbacks, status):
    settings.SECRET_KEY = OLD
    client.force_login(alice)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, fallbacks
    assert client.get(reverse("account_email")).status_code == status
