"""The pages of exercises ask the database a fixed number of questions, however much there is to show."""

import pytest

from exercises import services
from tests.exercises.conftest import ANSWERS


def count(client, url, django_assert_max_num_queries):
    with django_assert_max_num_queries(50) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("url", ["/exercises/", "/exercises/add/", "/exercises/add/submissions/"])
def test_more_submissions_cost_no_more_queries(as_alice, alice, exercise, url, django_assert_max_num_queries):
    for _ in range(2):
        services.submit(user=alice, exercise=exercise, sources=ANSWERS)
    count(as_alice, url, django_assert_max_num_queries)  # the first visit enrols and keeps the sheet
    few = count(as_alice, url, django_assert_max_num_queries)
    for _ in range(12):
        services.submit(user=alice, exercise=exercise, sources=ANSWERS)
    assert count(as_alice, url, django_assert_max_num_queries) == few
