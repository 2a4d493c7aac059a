"""Code of a lesson that runs in its page: who sees what, whose kernel it is, and what is refused."""

import json

import pytest
from django.test import Client

from exercises.grading import heartbeats
from exercises.kernels import lessons, sessions
from exercises.kernels.commands import RunCells
from learnpaths.catalog.markdown import render_page
from learnpaths.catalog.models import Lesson, Path
from tests.catalog.conftest import garden
from tests.exercises.kernels.host.test_kernel_host import Page, printed, start_host, statuses, zygote_addresses
from tests.exercises.kernels.test_views import host, take

__all__ = ["garden", "host", "start_host", "zygote_addresses"]
pytestmark = pytest.mark.django_db(transaction=True)
TEXT = """## One

```python
start = 20
```

```python run
print(start + 1)
```

```
21
```

```python norun
1 / 0
```

Then:

```python run
start < 3
```
"""
BASE = "/lessons/water/kernel/"
PAGE = "/paths/garden/water/"


@pytest.fixture
def lesson(garden):
    """A lesson with two cells."""
    row = Lesson.objects.select_related("step").get(step__slug="water")
    row.body_html, row.blocks = render_page(TEXT).html, []
    row.save()
    return row


def run(client, *sources, path=BASE, **body):
    cells = [{"id": f"scratch-{number}", "source": source} for number, source in enumerate(sources, start=1)]
    return client.post(f"{path}runs/", json.dumps({"cells": cells} | body), content_type="application/json")


def test_it_works(as_alice, alice, lesson, host):
    assert as_alice.get(BASE).json()["state"] == "none"
    response = run(as_alice, "start = 20", "start + 1", kind="to")
    assert response.status_code == 202
    session = take(host)
    assert session.key == f"kernel:{alice.pk}:lesson/water"
    command = sessions.next_command(session, 0)
    assert (command.run, command.kind, command.version) == (response.json()["run"], "to", lessons.VERSION)
    assert [cell.source for cell in command.cells] == ["start = 20", "start + 1"]
    assert as_alice.get(BASE).json()["state"] == "starting"


def test_a_learner_can_run_each_cell_in_the_page(as_alice, lesson):
    html = as_alice.get(PAGE).content.decode()
    assert html.count("data-lesson-cell=") == 2 and html.count("data-python=") == 3
    assert f'data-lesson-kernel="{BASE}"' in html and "js/lesson/lesson.js" in html
    assert "Sign in to run this" not in html


def test_a_visitor_is_asked_to_sign_in_and_gets_no_script(client, lesson):
    html = client.get(PAGE).content.decode()
    assert html.count("Sign in to run this") == 2 and "?next=/paths/garden/water/%23cell-2" in html
    assert "data-lesson-cell" not in html and "js/lesson/" not in html and 'id="words"' not in html


def test_a_lesson_without_cells_is_as_it_was(as_alice, garden):
    html = as_alice.get(PAGE).content.decode()
    assert "lesson-cell" not in html and "js/lesson/" not in html


def test_visitors_are_refused(client, lesson, host):
    for response in (
        client.get(BASE),
        client.get(f"{BASE}events/"),
        run(client, "1"),
        client.post(f"{BASE}interrupt/"),
    ):
        assert response.status_code == 401 and response["Content-Type"] == "application/problem+json"
    assert take(host) is None


def test_each_learner_has_a_kernel_of_their_own(as_alice, as_bob, alice, bob, lesson, host):
    run(as_alice, "1")
    run(as_bob, "2")
    sources = {session.key: sessions.next_command(session, 0).cells[0].source for session in (take(host), take(host))}
    assert sources == {f"kernel:{alice.pk}:lesson/water": "1", f"kernel:{bob.pk}:lesson/water": "2"}


def test_an_exercise_of_the_same_name_has_another_kernel(as_alice, alice, lesson, host):
    assert sessions.key_of(alice.pk, lessons.session_name("water")) != sessions.key_of(alice.pk, "water")
    run(as_alice, "1")
    assert as_alice.get("/exercises/lesson/water/kernel/").status_code == 404  # no address of an exercise names it


@pytest.mark.parametrize("slug", ["ghost", "seeds", "water:events", "..%2Fwater"])
def test_what_is_no_lesson_with_cells_has_no_kernel(as_alice, lesson, host, slug):
    assert as_alice.get(f"/lessons/{slug}/kernel/").status_code == 404
    assert run(as_alice, "1", path=f"/lessons/{slug}/kernel/").status_code == 404
    assert take(host) is None


def test_a_lesson_that_was_taken_back_has_no_kernel(as_alice, lesson, host):
    Path.objects.update(is_listed=False)
    assert run(as_alice, "1").status_code == 404 and take(host) is None


@pytest.mark.parametrize("kind", ["cells", "check", "submit", None])
def test_there_is_nothing_to_check_or_submit(as_alice, lesson, host, kind):
    assert run(as_alice, "1", kind=kind).status_code == 422 and take(host) is None


def test_cells_of_an_exercise_are_no_cells_here(as_alice, lesson, host):
    body = {"cells": [{"id": "add", "source": "1"}]}
    response = as_alice.post(f"{BASE}runs/", json.dumps(body), content_type="application/json")
    assert response.status_code == 422 and take(host) is None


def test_too_much_code_is_refused(as_alice, lesson, host):
    half = "#" * (33 * 2**10)
    assert run(as_alice, half, half).status_code == 413 and take(host) is None
    assert run(as_alice, half).status_code == 202


def test_too_many_runs_are_refused(as_alice, lesson, host, monkeypatch):
    monkeypatch.setattr("exercises.throttles.KernelRunThrottle.rate", "2/min", raising=False)
    assert [run(as_alice, "1").status_code for _ in range(3)] == [202, 202, 429]


def test_without_a_worker_it_says_so(as_alice, lesson):
    response = run(as_alice, "1")
    assert response.status_code == 503 and "try again later" in response.json()["detail"]


def test_it_is_one_of_three(as_alice, alice, lesson, host):
    for number in range(3):
        opening = sessions.Opening(user=alice.pk, exercise=f"e{number}", version=1, runtime="tf-2.21", seed=1)
        sessions.send(opening, RunCells(run="r", kind="cells", cells=(), version=1))
        sessions.update(take(host), "busy")
    assert run(as_alice, "1").status_code == 409


def test_a_page_of_another_site_starts_nothing(alice, lesson, host):
    client = Client(enforce_csrf_checks=True)
    client.force_login(alice)
    assert run(client, "1").status_code == 403 and take(host) is None


def test_stopping_what_waits_takes_it_out_of_the_line(as_alice, lesson, host):
    heartbeats.announce("interactive", "ready", 2)
    run(as_alice, "1")
    assert as_alice.post(f"{BASE}interrupt/").status_code == 202
    assert as_alice.get(BASE).json()["state"] == "none" and take(host) is None


# --- on the real kernel ---


class LessonPage(Page):
    checks = frozenset()

    def __init__(self):
        self.opening = sessions.Opening(
            user=1, exercise=lessons.session_name("water"), version=lessons.VERSION, runtime="tf-2.21", seed=5
        )
        self.key = self.opening.key

    def to(self, *sources):
        """Run a cell and what it follows; returns what was printed, and the states of the cells."""
        given = [(f"scratch-{number}", source) for number, source in enumerate(sources, start=1)]
        events = self.run(*given, kind="to")
        return printed(events), statuses(events)[len(sources) :]


@pytest.mark.jail
def test_what_a_cell_follows_runs_once(start_host):
    start_host()
    page = LessonPage()
    one, two, three = "print('one')\nx = 1", "print('two')\nx += 1", "print(x)"
    assert page.to(one, two, three) == ("one\ntwo\n2\n", ["running", "ok"] * 3)
    assert page.to(one, two, three) == ("2\n", ["ok", "ok", "running", "ok"])  # the cell itself runs again
    assert page.to(one, two) == ("two\n", ["ok", "running", "ok"])
    edited = "print('new')\nx = 5"
    assert page.to(edited, two, three) == ("new\ntwo\n6\n", ["running", "ok"] * 3)


@pytest.mark.jail
def test_what_ran_before_the_cell_above_it_runs_again(start_host):
    start_host()
    page = LessonPage()
    assert page.to("x = 1", "y = x", "print(y)")[0] == "1\n"
    page.to("x = 2")
    assert page.to("x = 2", "y = x", "print(y)")[0] == "2\n"


@pytest.mark.jail
def test_an_error_above_stops_the_run(start_host):
    start_host()
    page = LessonPage()
    assert page.to("x = 1 / 0", "print(x)")[1] == ["running", "error", "skipped"]
    assert page.to("x = 1", "print(x)")[0] == "1\n"


@pytest.mark.jail
def test_public_data_is_there_and_held_out_data_is_not(start_host):
    start_host()
    listing = "import os\nprint(*sorted({file for _, _, files in os.walk('/data') for file in files}))"
    names = LessonPage().to(listing)[0].split()
    assert any(name.startswith("train") for name in names) and "test.npz" not in names
