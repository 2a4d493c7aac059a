"""What people did, as rows: one of each, and results that can be compared."""

import pytest
from django.db import IntegrityError, transaction

from learnpaths.progress.models import CheckpointAnswer, Enrolment, StepProgress

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("known", "new", "is_beaten"),
    [((None, None), (0, 10), True), ((5, 10), (5, 10), False), ((5, 10), (6, 11), True), ((1, 3), (333, 1000), False)],
)
def test_a_larger_part_beats(known, new, is_beaten):
    assert StepProgress(points=known[0], max_points=known[1]).is_beaten_by(*new) is is_beaten


def test_there_is_one_of_each(alice, garden):
    rows = [
        (Enrolment, {"path": garden}),
        (StepProgress, {"kind": "lesson", "slug": "seeds"}),
        (CheckpointAnswer, {"lesson": "seeds", "checkpoint": "a", "answer": "1", "is_correct": True}),
    ]
    for model, values in rows:
        model.objects.create(user=alice, **values)
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(user=alice, **values)


@pytest.mark.parametrize("points", [{"points": 11, "max_points": 10}, {"points": 0, "max_points": 0}])
def test_the_database_refuses_points_that_make_no_sense(alice, points):
    with pytest.raises(IntegrityError), transaction.atomic():
        StepProgress.objects.create(user=alice, kind="exercise", slug="fit", **points)


def test_completed_is_a_time(alice):
    row = StepProgress.objects.create(user=alice, kind="lesson", slug="seeds")
    assert not row.is_completed
    row.completed_at = row.started_at
    assert row.is_completed
