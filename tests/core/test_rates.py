"""Uses are counted in one step: ten at once are ten."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from learnpaths.core import rates
from learnpaths.core.redis import connection

pytestmark = pytest.mark.usefixtures("broker")


def test_it_counts_up_to_the_limit() -> None:
    waits = [rates.count("test", "ada", limit=3, seconds=60) for _ in range(5)]
    assert waits[:3] == [0, 0, 0]
    assert all(0 < wait <= 60 for wait in waits[3:])


def test_people_and_scopes_are_counted_apart() -> None:
    assert rates.count("test", "ada", limit=1, seconds=60) == 0
    assert rates.count("test", "bob", limit=1, seconds=60) == 0
    assert rates.count("other", "ada", limit=1, seconds=60) == 0
    assert rates.count("test", "ada", limit=1, seconds=60) > 0


def test_what_was_refused_does_not_count() -> None:
    for _ in range(10):
        rates.count("test", "ada", limit=2, seconds=60)
    assert connection().zcard("learnpaths:rate:test:ada") == 2
    assert 0 < connection().pttl("learnpaths:rate:test:ada") <= 60_000


def test_many_at_once_do_not_pass_the_limit() -> None:
    with ThreadPoolExecutor(10) as pool:
        waits = list(pool.map(lambda _: rates.count("test", "ada", limit=60, seconds=600), range(75)))
    assert waits.count(0) == 60
