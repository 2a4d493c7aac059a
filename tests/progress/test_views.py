import re
import shutil

import pytest

from learnpaths.catalog.loader import load
from learnpaths.catalog.models import Path
from learnpaths.progress import kept_answers, selectors, services
from learnpaths.progress.models import Enrolment, StepProgress
from tests.catalog.conftest import ROOTS

pytestmark = pytest.mark.django_db
LESSON = "/paths/garden/seeds/"
CHOICE = f"{LESSON}checkpoints/sign-of-the-slope/"
NUMBER = f"{LESSON}checkpoints/one-step/"
HTMX = {"HX-Request": "true"}


def test_home_for_a_visitor(client, garden):
    page = client.get("/").text
    assert "Learn machine learning by making it run" in page
    assert 'href="/paths/garden/"' in page


def test_home_resumes_where_a_learner_left_off(client, garden, alice):
    client.force_login(alice)
    assert "Welcome, alice" in client.get("/").text
    client.get(LESSON)
    page = client.get("/").text
    assert "Resume where you left off" in page
    assert f'class="button" href="{LESSON}"' in page


def test_home_when_all_is_done(client, garden, alice):
    for slug in ("seeds", "water"):
        services.record_step(user=alice, kind="lesson", slug=slug, completed=True)
    client.force_login(alice)
    assert "You are done" in client.get("/").text


def test_site_without_content(client, alice):
    assert client.get("/").status_code == 200
    assert "No path has been loaded" in client.get("/paths/").text


def test_path(client, garden, alice):
    services.record_step(user=alice, kind="lesson", slug="seeds", completed=True)
    client.force_login(alice)
    page = " ".join(client.get("/paths/garden/").text.split())
    assert '<progress value="1" max="2"' in page
    assert "Continue: Water" in page
    assert "(completed)" in page


def test_retired_path_says_so_and_is_not_listed(client, garden):
    Path.objects.update(is_listed=False)
    assert "This path is retired" in client.get("/paths/garden/").text
    assert "garden" not in client.get("/paths/").text


@pytest.mark.parametrize("url", ["/paths/no/", "/paths/garden/no/", "/paths/garden/seeds/checkpoints/no/"])
def test_what_is_not_there(client, garden, url):
    answer = client.post(url) if "checkpoints" in url else client.get(url)
    assert answer.status_code == 404


def test_lesson(client, garden):
    page = client.get(LESSON).text
    assert "<h1>Seeds and their slope</h1>" in page
    assert "say what a seed needs" in page
    assert '<a href="#s-down-the-slope">Down the slope</a>' in page
    assert 'id="checkpoint-one-step"' in page
    assert "data-checkpoint" not in page
    assert 'rel="next"' in page
    assert "https://example.org/seeds" in page
    assert "style=" not in page
    assert "Right: downhill" not in page


def test_figure_knows_its_module(client, db, tmp_path):
    shutil.copytree(ROOTS / "good", tmp_path / "root")
    lesson = tmp_path / "root/paths/garden/water/lesson.md"
    lesson.write_text(lesson.read_text() + "\n::: figure descent\nA ball.\n:::\n")
    assert load([tmp_path / "root"]).problems == []
    page = client.get("/paths/garden/water/").text
    assert 'data-figure="descent" data-module="/static/figures/descent.js"' in page
    assert "js/figures.js" in page
    assert re.findall(r"figures/[a-z-]+[.]css", page) == ["figures/figures.css", "figures/descent.css"]
    assert "figures/figures.css" not in client.get(LESSON).text  # which has none


@pytest.mark.parametrize(
    ("url", "answer", "words"),
    [
        (CHOICE, "0", "Right: downhill is against the slope."),
        (CHOICE, "1", "That is uphill."),
        (NUMBER, "1,4", "Yes: the slope is"),
        (NUMBER, "0.6", "You went uphill"),
        (NUMBER, "7", "Work out the slope first."),
    ],
)
def test_checkpoint_answers_at_once_and_without_script(client, garden, url, answer, words):
    fragment = client.post(url, {"answer": answer}, headers=HTMX)
    assert fragment.status_code == 200
    assert words in fragment.text
    assert "<html" not in fragment.text
    assert client.post(url, {"answer": answer}).url.startswith(f"{LESSON}#checkpoint-")
    assert words in client.get(LESSON).text


@pytest.mark.parametrize(
    ("url", "answer", "words"),
    [(CHOICE, "", "Choose one"), (CHOICE, "9", "Choose one"), (NUMBER, "abc", "Type one number")],
)
def test_what_is_no_answer_is_refused_and_stays_in_the_form(client, garden, url, answer, words):
    for headers in (HTMX, {}):
        refusal = client.post(url, {"answer": answer}, headers=headers)
        assert refusal.status_code == 422
        assert words in refusal.text
        if url == NUMBER:
            assert f'value="{answer}"' in refusal.text
    assert kept_answers.COOKIE not in client.cookies


def test_answer_is_escaped(client, garden):
    page = client.post(NUMBER, {"answer": '"><script>alert(1)</script>'}).text
    assert "<script>alert(1)" not in page


def test_completing_goes_on_to_the_next_step(client, garden, alice):
    client.force_login(alice)
    assert client.post(f"{LESSON}complete/").url == "/paths/garden/water/"
    assert StepProgress.objects.get().is_completed
    assert "You completed this lesson" in client.get(LESSON).text
    last = client.post("/paths/garden/water/complete/", follow=True)
    assert "That was the last step of this path." in last.text


def test_completing_needs_an_account_and_a_post(client, garden, alice):
    assert client.post(f"{LESSON}complete/").url.startswith("/accounts/login/")
    client.force_login(alice)
    assert client.get(f"{LESSON}complete/").status_code == 405
    assert not StepProgress.objects.exists()


def test_reading_enrols_a_learner_and_not_a_visitor(client, garden, alice):
    client.get(LESSON)
    assert not Enrolment.objects.exists()
    client.force_login(alice)
    client.get(LESSON)
    client.get("/paths/garden/water/")
    assert (Enrolment.objects.get().kind, Enrolment.objects.get().slug) == ("lesson", "water")


@pytest.mark.parametrize(
    ("url", "visitor", "learner"),
    [("/", 2, 7), ("/paths/", 2, 7), ("/paths/garden/", 1, 6), (LESSON, 1, 10), ("/search/?q=slope", 3, 7)],
)
def test_queries_are_constant(client, garden, alice, url, visitor, learner, tmp_path, django_assert_num_queries):
    def ask():
        client.get(url)
        with django_assert_num_queries(visitor):
            client.get(url)
        client.force_login(alice)
        client.get(url)
        with django_assert_num_queries(learner):
            client.get(url)
        client.logout()

    ask()
    shutil.copytree(ROOTS / "good/paths/garden", tmp_path / "root/paths/garden")
    for name in ("orchard", "meadow"):
        shutil.copytree(ROOTS / "good/paths/garden", tmp_path / "root/paths" / name)
        for slug in ("seeds", "water"):
            shutil.move(tmp_path / "root/paths" / name / slug, tmp_path / "root/paths" / name / f"{name}-{slug}")
        file = tmp_path / "root/paths" / name / "path.toml"
        file.write_text(file.read_text().replace("lesson:", f"lesson:{name}-"))
    assert load([tmp_path / "root"]).problems == []
    ask()


@pytest.mark.parametrize("url", ["/", "/paths/"])
@pytest.mark.parametrize("is_learner", [False, True])
def test_the_shelf_says_how_much_there_is(client, garden, alice, url, is_learner):
    if is_learner:
        client.force_login(alice)
    page = client.get(url).text
    assert page.count("2 lessons · 0 exercises") == 2  # of the path, and of all
    assert re.search(r"1 path\s+·", page)


def test_a_lesson_on_two_paths_is_counted_once(garden):
    assert selectors.count_steps([garden, garden]).lessons == 2


def test_verify_stands_in_the_foot_alone(client):
    head, _, foot = client.get("/").text.partition("<main")
    assert "/verify/" not in head
    assert 'href="/verify/"' in foot.partition("<footer")[2]
