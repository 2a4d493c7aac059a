"""What the rows of content say of themselves."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from learnpaths.catalog.models import Path, Step, Unit

pytestmark = pytest.mark.django_db


def test_steps_of_a_path_come_in_order_and_without_queries(garden, django_assert_num_queries):
    path = Path.objects.with_steps().get()
    with django_assert_num_queries(0):
        assert [step.key for step in path.steps] == [("lesson", "seeds"), ("lesson", "water")]


def test_addresses_and_labels(garden):
    step = Step.objects.get(slug="seeds")
    assert garden.get_absolute_url() == "/paths/garden/"
    assert step.get_absolute_url() == "/paths/garden/seeds/"
    assert (step.kind_label, str(step), str(garden)) == ("Lesson", "Seeds and their slope", "A small garden")


def test_a_retired_path_is_not_listed(garden):
    assert list(Path.objects.listed()) == [garden]
    Path.objects.update(is_listed=False)
    assert not Path.objects.listed().exists()


def test_a_level_is_one_of_three(garden):
    garden.level = "expert"
    with pytest.raises(ValidationError, match="expert"):
        garden.full_clean()


def test_one_unit_is_at_one_place(garden):
    with pytest.raises(IntegrityError):
        Unit.objects.create(path=garden, title="Again", position=garden.units.first().position)
