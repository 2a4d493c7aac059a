"""What a process keeps of pages: never older than the last load of content, never one person's for another."""

import re
import shutil

import pytest

from learnpaths.catalog.loader import load
from learnpaths.catalog.models import Path
from learnpaths.core import visitors
from learnpaths.progress import services
from tests.catalog.conftest import ROOTS

LESSON = "/paths/garden/seeds/"
PAGES = ["/", "/paths/", "/paths/garden/", LESSON]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')


@pytest.fixture
def rendered(monkeypatch):
    """The templates that were rendered, one name for each time."""
    names = []
    real = visitors.render_page
    monkeypatch.setattr(visitors, "render_page", lambda *given: names.append(given[1]) or real(*given))
    return names


@pytest.mark.parametrize("url", PAGES)
def test_it_works(client, garden, rendered, url):
    pages = [TOKEN.sub("", client.get(url).text) for _ in range(3)]
    assert len(rendered) == 1
    assert len(set(pages)) == 1


@pytest.mark.parametrize("url", PAGES)
def test_a_load_anywhere_shows_at_once(client, garden, tmp_path, url):
    """The rows are all that tells: a load in another process looks the same from here."""
    assert "A garden renamed" not in client.get(url).text
    shutil.copytree(ROOTS / "good", tmp_path / "root")
    file = tmp_path / "root/paths/garden/path.toml"
    file.write_text(re.sub(r'(?m)^title = ".*"', 'title = "A garden renamed"', file.read_text(), count=1))
    assert load([tmp_path / "root"]).problems == []
    assert "A garden renamed" in client.get(url).text


def test_a_changed_lesson_shows_at_once(client, alice, garden, tmp_path):
    client.get(LESSON)
    shutil.copytree(ROOTS / "good", tmp_path / "root")
    file = tmp_path / "root/paths/garden/seeds/lesson.md"
    file.write_text(file.read_text() + "\n\nA sentence that was not there before.\n")
    assert load([tmp_path / "root"]).problems == []
    assert "not there before" in client.get(LESSON).text
    client.force_login(alice)
    assert "not there before" in client.get(LESSON).text


def test_a_retired_path_says_so_at_once(client, garden):
    client.get("/paths/garden/")
    Path.objects.update(is_listed=False)
    assert "retired" in client.get("/paths/garden/").text
    assert "/paths/garden/" not in client.get("/").text


@pytest.mark.parametrize("url", PAGES)
def test_a_persons_page_is_nobody_elses(client, alice, garden, url):
    visitor = client.get(url).text
    services.record_step(user=alice, kind="lesson", slug="seeds", completed=True)
    client.force_login(alice)
    assert alice.get_full_name() in client.get(url).text
    client.logout()
    client.cookies.clear()
    assert TOKEN.sub("", client.get(url).text) == TOKEN.sub("", visitor)


def test_a_visitors_answers_are_nobody_elses(client, garden, django_user_model):
    fresh = TOKEN.sub("", client.get(LESSON).text)
    checkpoint = re.search(r'action="(/paths/garden/seeds/checkpoints?/[^"]+|[^"]*seeds[^"]*)"', fresh)
    assert checkpoint
    client.post(checkpoint[1], {"answer": "0"})
    assert TOKEN.sub("", client.get(LESSON).text) != fresh
    client.cookies.clear()
    assert TOKEN.sub("", client.get(LESSON).text) == fresh


def test_a_kept_form_has_the_visitors_own_token(garden):
    from django.test import Client

    for _ in range(2):
        client = Client(enforce_csrf_checks=True)
        page = client.get(LESSON)
        token = TOKEN.search(page.text)[1]
        action = re.search(r'<form method="post" action="([^"]+)"', page.text)[1]
        given = {"csrfmiddlewaretoken": token, "answer": "0"}
        assert client.post(action, given).status_code == 302
        assert Client(enforce_csrf_checks=True).post(action, given).status_code == 403
        assert "Cookie" in page["Vary"]


def test_the_theme_of_one_is_not_everybodys(client, garden):
    client.get("/")
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/").text
    client.cookies.clear()
    assert "data-theme=" not in client.get("/").text
