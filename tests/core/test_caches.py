from concurrent.futures import ThreadPoolExecutor

import pytest

from learnpaths.core.caches import ProcessCache


@pytest.fixture
def cache():
    return ProcessCache(2)


def test_it_works(cache):
    cache.put("a", 1)
    assert cache.get("a") == 1
    assert cache.get("b") is None
    cache.clear()
    assert cache.get("a") is None


def test_a_value_is_made_once(cache):
    made = []
    for _ in range(3):
        assert cache.get_or_make("a", lambda: made.append(1) or "value") == "value"
    assert made == [1]


def test_the_value_used_longest_ago_goes(cache):
    cache.put("a", 1)
    cache.put("b", 2)
    cache.get("a")
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b"), cache.get("c"), len(cache)) == (1, None, 3, 2)


def test_a_value_put_again_counts_as_used(cache):
    cache.put("a", 1)
    cache.put("b", 2)
    cache.put("a", 4)
    cache.put("c", 3)
    assert (cache.get("a"), cache.get("b")) == (4, None)


def test_what_cannot_be_made_is_not_kept(cache):
    with pytest.raises(ZeroDivisionError):
        cache.get_or_make("a", lambda: 1 / 0)
    assert len(cache) == 0


def test_many_threads_stay_within_the_bound(cache):
    with ThreadPoolExecutor(8) as threads:
        values = list(threads.map(lambda n: cache.get_or_make(n % 7, lambda: n % 7), range(2000)))
    assert values == [n % 7 for n in range(2000)]
    assert len(cache) == 2
