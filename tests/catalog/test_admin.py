"""Content to look at: it is changed in its files."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["path", "step", "lesson", "checkpoint"])
def test_it_is_shown_and_not_changed(client, garden, charlie, name):
    client.force_login(charlie)
    assert client.get(f"/admin/catalog/{name}/").status_code == 200
    assert client.get(f"/admin/catalog/{name}/", {"q": "garden"}).status_code == 200
    assert client.get(f"/admin/catalog/{name}/add/").status_code == 403
