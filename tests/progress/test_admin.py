"""What people did, to look at."""

import pytest

from learnpaths.progress import services

pytestmark = pytest.mark.django_db


def test_admin_shows_and_does_not_change(client, garden, charlie):
    client.force_login(charlie)
    services.record_step(user=charlie, kind="lesson", slug="seeds", completed=True)
    for name in ("catalog/path", "catalog/step", "catalog/lesson", "catalog/checkpoint", "progress/stepprogress"):
        assert client.get(f"/admin/{name}/").status_code == 200
        assert client.get(f"/admin/{name}/add/").status_code == 403
    assert client.get("/admin/progress/enrolment/").status_code == 200
    assert client.post(f"/admin/catalog/path/{garden.pk}/change/", {"title": "x"}).status_code == 403
