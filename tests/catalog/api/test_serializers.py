"""Paths as JSON."""

import pytest

from learnpaths.catalog.api.serializers import PathDetailSerializer, PathSerializer
from learnpaths.catalog.models import Path

pytestmark = pytest.mark.django_db


def test_a_path_says_how_many_steps_it_has(garden, django_assert_num_queries):
    path = Path.objects.with_steps().get()
    with django_assert_num_queries(0):
        assert PathSerializer(path).data["steps"] == 2
    assert "units" not in PathSerializer(path).data


def test_its_details_are_units_of_steps(garden):
    (unit,) = PathDetailSerializer(garden).data["units"]
    assert [(step["slug"], step["url"]) for step in unit["steps"]] == [
        ("seeds", "/paths/garden/seeds/"),
        ("water", "/paths/garden/water/"),
    ]
