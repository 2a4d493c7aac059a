"""Rows: a version's definition is read once, and what a row may hold is the database's to refuse."""

import pytest
from django.db import IntegrityError, transaction

from exercises.models import MAX_SEED, ExerciseVersion, Submission, new_seed, parse_versions


def test_versions_are_read_by_id_without_those_that_cannot_be(exercise):
    broken = ExerciseVersion.objects.create(exercise=exercise, digest="sha256:broken", definition={"cells": 1})
    definitions = parse_versions([exercise.version_id, broken.pk])
    assert list(definitions) == [exercise.version_id] and definitions[exercise.version_id].id == "add"


def test_a_version_known_to_the_process_costs_one_query(exercise, django_assert_num_queries):
    assert exercise.version.parsed
    with django_assert_num_queries(1):
        parse_versions([exercise.version_id])


def test_a_seed_is_exact_in_json():
    assert all(0 <= new_seed() < MAX_SEED for _ in range(100))


@pytest.mark.parametrize(
    "changes", [{"state": "finished"}, {"verdict": "passed"}, {"points": 5}], ids=["no verdict", "not yet", "too many"]
)
def test_a_row_that_contradicts_itself_is_refused(submission, changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        Submission.objects.filter(id=submission.id).update(**changes)


def test_the_outcome_is_what_the_row_says(submission):
    assert submission.outcome() == {"verdict": "", "points": None, "max_points": 4, "passed": False}
