import pytest

from learnpaths.catalog.models import Path

pytestmark = pytest.mark.django_db


def test_list(client, garden, django_assert_num_queries):
    with django_assert_num_queries(4):
        answer = client.get("/api/v1/paths/").json()
    assert answer["results"] == [
        {
            "slug": "garden",
            "title": "A small garden",
            "summary": "How a garden grows, in two lessons.",
            "level": "beginner",
            "hours": 2,
            "steps": 2,
            "url": "/paths/garden/",
        }
    ]


def test_detail(client, garden, django_assert_num_queries):
    with django_assert_num_queries(3):
        answer = client.get("/api/v1/paths/garden/").json()
    assert answer["units"][0]["title"] == "Beginning"
    assert answer["units"][0]["steps"][0] == {
        "kind": "lesson",
        "slug": "seeds",
        "title": "Seeds and their slope",
        "summary": "What a seed needs.",
        "minutes": 12,
        "url": "/paths/garden/seeds/",
    }


def test_retired_is_not_there(client, garden):
    Path.objects.update(is_listed=False)
    assert client.get("/api/v1/paths/").json()["count"] == 0
    answer = client.get("/api/v1/paths/garden/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_nobody_writes(client, garden, charlie):
    client.force_login(charlie)
    assert client.post("/api/v1/paths/", {"slug": "x"}, headers={"X-CSRFToken": "x"}).status_code == 405
    assert client.delete("/api/v1/paths/garden/").status_code == 405
