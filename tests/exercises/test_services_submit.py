"""How many submissions of one person may wait: the same in page and API, and counted with ten at once."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from exercises import services
from exercises.grading import job_runner
from exercises.models import Draft, State, Submission
from exercises.pages.forms import CELL_PREFIX
from learnpaths.core.problems import TooMany
from tests.exercises.graders import passing


@pytest.fixture(autouse=True)
def limit(settings):
    settings.WAITING_PER_PERSON = 3


def fill(user, exercise, answers, number=3):
    return [services.submit(user=user, exercise=exercise, sources=answers) for _ in range(number)]


def test_one_more_is_refused_until_one_has_been_graded(alice, bob, exercise, answers):
    rows = fill(alice, exercise, answers)
    with pytest.raises(TooMany) as refusal:
        services.submit(user=alice, exercise=exercise, sources=answers)
    assert "3 submissions of yours wait" in refusal.value.detail and refusal.value.headers["Retry-After"]
    services.submit(user=bob, exercise=exercise, sources=answers)  # others are not concerned
    job_runner.run(rows[0].id, grade_notebook=passing)
    services.submit(user=alice, exercise=exercise, sources=answers)
    services.cancel_submission(submission=rows[1])
    services.submit(user=alice, exercise=exercise, sources=answers)


def test_what_runs_does_not_wait(alice, exercise, answers):
    rows = fill(alice, exercise, answers)
    Submission.objects.filter(id=rows[0].id).update(state=State.RUNNING)
    services.submit(user=alice, exercise=exercise, sources=answers)


def test_what_we_grade_again_is_not_theirs(alice, exercise, answers):
    for row in fill(alice, exercise, answers, 1):
        job_runner.run(row.id, grade_notebook=passing)
    services.regrade(exercise=exercise)
    assert len(fill(alice, exercise, answers)) == 3


def test_the_api_says_how_many_wait(api, alice, exercise, answers, notebook):
    fill(alice, exercise, answers)
    answer = api.post("/api/v1/exercises/add/submissions/", notebook, format="json")
    assert answer.status_code == 429 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["waiting"] == 3 and "cancel one" in answer.json()["detail"] and answer["Retry-After"]


def test_the_page_says_it_and_keeps_the_cells(as_alice, alice, exercise, answers):
    fill(alice, exercise, answers)
    posted = {f"{CELL_PREFIX}{name}": text + "\n# new" for name, text in answers.items()}
    answer = as_alice.post(exercise.get_absolute_url() + "submit/", posted)
    assert answer.status_code == 429 and "3 submissions of yours wait" in answer.text
    assert "# new" in json.dumps(Draft.objects.get(user=alice).sources)


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_are_ten(alice, exercise, answers):
    def submit(_):
        try:
            services.submit(user=alice, exercise=exercise, sources=answers)
        except TooMany:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(submit, range(20))).count(True) == 3
    assert Submission.objects.filter(user=alice).count() == 3
