"""Submissions beside each other, and the reference beside one that passed: only then, and only one's own."""

import json
import re
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from exercises import services
from exercises.authoring import measurements
from exercises.grading import reports
from exercises.models import Submission
from exercises.pages.comparison import compare_sources
from learnpaths.accounts.services import rotate_token
from tests.exercises.conftest import ANSWERS


def test_lines_stand_beside_each_other(definition):
    left, right = {"add": "a\nb\nc", "twice": "x"}, {"add": "a\nB\nc\nd", "twice": "x"}
    add, twice = compare_sources(definition, left, right)
    assert [line.kind for line in add.left] == ["same", "gone", "same", "blank"]
    assert [line.kind for line in add.right] == ["same", "new", "same", "new"]
    assert [line.text for line in add.right] == ["a", "B", "c", "d"]
    assert twice.is_same and not add.is_same


def test_a_cell_that_one_side_lacks_is_empty_there(definition):
    add, _twice = compare_sources(definition, {}, {"add": "a"})
    assert [line.kind for line in add.left] == ["blank"] and add.number == 1


@pytest.fixture
def passed(submission):
    Submission.objects.filter(id=submission.id).update(
        state="finished", verdict="passed", passed=True, points=4, finished_at=timezone.now()
    )
    return submission


def test_the_reference_is_shown_beside_what_passed(as_alice, passed):
    answer = as_alice.get(f"/submissions/{passed.id}/solution/")
    assert answer.status_code == 200
    assert b"total = a + b" in answer.content  # the author's line, which the answer does not have
    assert f"/submissions/{passed.id}/solution/".encode() in as_alice.get(f"/submissions/{passed.id}/").content


def cells_of(answer, head):
    """The two cells of a row of the table of costs."""
    return re.search(rf"{head}</th>\s*<td>(.*?)</td>\s*<td>(.*?)</td>", answer.text).groups()


@pytest.fixture
def measured(passed, settings, tmp_path):
    """A submission with a report of its cost, and a content root where the reference was measured."""
    used = {"phases": {"start": 0.2, "run": 2.1, "check": 0.3}, "usage": {"cpu_seconds": 4.26}}
    Submission.objects.filter(id=passed.id).update(report={**reports.empty_report(passed, "passed").to_json(), **used})
    settings.CONTENT_DIRS = [tmp_path]
    folder = tmp_path / "exercises" / passed.version.parsed.id
    folder.mkdir(parents=True)
    version = measurements.version_of(passed.version.parsed)

    def measure(*rows, version=version):
        kept = [{"run": "reference", "seed": seed, **row} for seed, row in enumerate(rows)]
        (folder / measurements.FILE).write_text(json.dumps({"version": version, "rows": kept}))
        return passed

    return measure


def test_time_and_processor_stand_beside_the_references(as_alice, measured):
    rows = [{"seconds": seconds, "cpu_seconds": cpu} for seconds, cpu in ((1.0, 3.0), (2.0, 5.0), (9.0, 8.0))]
    answer = as_alice.get(f"/submissions/{measured(*rows).id}/solution/")
    assert cells_of(answer, "seconds") == ("2.6", "2.0")
    assert cells_of(answer, "seconds of CPU time") == ("4.3", "5.0")


def test_what_nobody_measured_is_not_made_up(as_alice, measured):
    answer = as_alice.get(f"/submissions/{measured({'seconds': 2.0}).id}/solution/")
    assert cells_of(answer, "seconds of CPU time") == ("4.3", "\N{EN DASH}")
    stale = measured({"seconds": 2.0, "cpu_seconds": 2.0}, version="sha256:another")
    answer = as_alice.get(f"/submissions/{stale.id}/solution/")
    assert cells_of(answer, "seconds") == ("2.6", "\N{EN DASH}")


def test_before_a_pass_the_reference_is_not_shown(as_alice, submission):
    answer = as_alice.get(f"/submissions/{submission.id}/solution/")
    assert answer.status_code == 403
    assert b"total = a + b" not in answer.content


def test_others_never_see_it(as_bob, client, passed):
    assert as_bob.get(f"/submissions/{passed.id}/solution/").status_code == 404
    assert client.get(f"/submissions/{passed.id}/solution/").status_code == 302


def test_two_submissions_are_compared(as_alice, alice, exercise, submission):
    other = services.submit(user=alice, exercise=exercise, sources={**ANSWERS, "twice": "twice = 2 * 2"})
    answer = as_alice.get("/exercises/add/submissions/compare/", {"a": other.id, "b": submission.id})
    assert b"<del>\xe2\x88\x92 twice = 4</del>" in answer.content  # the older one is left, whatever the order
    assert b"<ins>+ twice = 2 * 2</ins>" in answer.content
    assert b"Compare the two chosen" in as_alice.get("/exercises/add/submissions/").content


@pytest.mark.parametrize("query", [{"a": "x", "b": "y"}, dict.fromkeys("ab", "00000000-0000-0000-0000-000000000000")])
def test_what_is_no_pair_is_refused(as_alice, exercise, query):
    answer = as_alice.get("/exercises/add/submissions/compare/", query)
    assert answer.status_code == 422 and b"Choose two of your submissions" in answer.content


def test_anothers_submission_cannot_be_compared(as_bob, submission):
    query = {"a": submission.id, "b": submission.id}
    assert as_bob.get("/exercises/add/submissions/compare/", query).status_code == 422


class Snippet(HTMLParser):
    """The text of the element that has the attribute data-snippet."""

    text, is_inside = "", False

    def handle_starttag(self, tag, attributes):
        self.is_inside = self.is_inside or "data-snippet" in dict(attributes)

    def handle_endtag(self, tag):
        self.is_inside = False

    def handle_data(self, data):
        self.text += data if self.is_inside else ""


def test_the_snippet_submits_from_anywhere(live_site, alice, exercise, tmp_path, client):
    client.force_login(alice)
    notebook = client.get("/exercises/add/notebook.ipynb").content
    (tmp_path / "add.ipynb").write_bytes(notebook)
    snippet = Snippet()
    snippet.feed(client.get("/exercises/add/").content.decode())
    code = snippet.text.replace("http://localhost:8000", live_site)
    token = rotate_token(user=alice)
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={"LEARNPATHS_TOKEN": token}, capture_output=True, text=True
    )
    submission = Submission.objects.get(user=alice)
    assert run.stdout.strip().endswith(f"/submissions/{submission.id}/"), run.stderr


@pytest.mark.parametrize("query", ["", "?a=", "?a=1", "?b=1"])
def test_without_a_choice_the_page_leads_to_where_one_chooses(as_alice, exercise, query):
    answer = as_alice.get(f"/exercises/add/submissions/compare/{query}", follow=True)
    assert answer.redirect_chain == [("/exercises/add/submissions/", 302)]
    assert "Choose two of your submissions" in answer.text
