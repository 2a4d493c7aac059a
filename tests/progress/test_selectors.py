"""How far somebody is."""

import pytest
from django.contrib.auth.models import AnonymousUser

from learnpaths.progress import selectors, services

pytestmark = pytest.mark.django_db


def test_visitor_has_no_progress(garden, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert selectors.path_progress(AnonymousUser(), garden).done == 0


def record(user, slug="seeds", kind="lesson", completed=True, **points):
    return services.record_step(user=user, kind=kind, slug=slug, completed=completed, **points)


def test_all_steps_complete_the_path(garden, alice):
    record(alice)
    record(alice, "water")
    progress = selectors.path_progress(alice, garden)
    assert (progress.percent, progress.is_complete, progress.next_step) == (100, True, None)


def test_progress_of_others_is_not_mine(garden, alice, bob):
    record(alice)
    assert selectors.path_progress(bob, garden).done == 0


def test_resume_is_where_one_was_last_or_the_next(garden, alice):
    def resume():
        step = selectors.resume_step(selectors.enrolments(alice), [garden], selectors.results(alice))
        return step and step.slug

    assert resume() is None
    services.visit_step(user=alice, kind="lesson", slug="water")
    assert resume() == "water"
    record(alice, "water")
    assert resume() == "seeds"
    record(alice, "seeds")
    assert resume() is None


def test_path_progress_needs_one_query(garden, alice, django_assert_num_queries):
    with django_assert_num_queries(1):
        selectors.path_progress(alice, garden)
