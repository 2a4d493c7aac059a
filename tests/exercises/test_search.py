import pytest
from django.contrib.auth.models import AnonymousUser

from exercises import search
from learnpaths.search import indexing, selectors

pytestmark = pytest.mark.django_db


def personal(user, text):
    return [
        (result.title, result.url, result.note)
        for _, results in selectors.search(text, user=user).personal
        for result in results
    ]


def test_an_exercise_is_found_by_its_task(exercise):
    indexing.index()
    (group,) = selectors.search(exercise.title, user=AnonymousUser()).groups
    assert (group.kind, group.results[0].url) == ("exercise", f"/exercises/{exercise.slug}/")


def test_what_is_secret_is_no_part_of_the_index(exercise):
    (entry,) = search.exercise_entries()
    secret = [cell for cell in exercise.version.parsed.cells if cell.role in ("solution", "check", "examiner")]
    assert secret
    for cell in secret:
        assert cell.source not in entry.code + entry.text
        assert cell.role != "solution" or cell.starter in entry.code


def test_retired_exercises_have_no_entry(exercise):
    type(exercise).objects.update(is_listed=False)
    assert list(search.exercise_entries()) == []


def test_only_ones_own_submissions_are_found(submission, alice, bob):
    title = submission.exercise.title
    expected = [(title, f"/exercises/{submission.exercise.slug}/submissions/", "1 submission")]
    assert personal(alice, title) == expected
    assert personal(alice, title.split()[0].upper()) == expected
    assert personal(alice, "nothing like it") == []
    assert personal(bob, title) == []
    assert personal(AnonymousUser(), title) == []
