"""The limit of submissions holds for pages and API together, also for many at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.test import RequestFactory

from exercises import throttles
from learnpaths.core.problems import TooMany

pytestmark = pytest.mark.django_db


def post(user):
    request = RequestFactory().post("/")
    request.user = user
    return request


def test_ten_at_once_do_not_pass_the_limit(alice, monkeypatch) -> None:
    monkeypatch.setattr(throttles.SubmitThrottle, "rate", "60/h", raising=False)

    def submit(_):
        return throttles.SubmitThrottle().allow_request(post(alice), None)

    with ThreadPoolExecutor(10) as pool:
        assert list(pool.map(submit, range(75))).count(True) == 60


def test_pages_and_api_share_one_count(alice, bob, monkeypatch) -> None:
    monkeypatch.setattr(throttles.SubmitThrottle, "rate", "2/h", raising=False)
    assert throttles.SubmitThrottle().allow_request(post(alice), None)
    throttles.check_submit_rate(post(alice))
    throttle = throttles.SubmitThrottle()
    assert not throttle.allow_request(post(alice), None)
    assert 0 < throttle.wait() <= 3600
    with pytest.raises(TooMany) as refused:
        throttles.check_submit_rate(post(alice))
    assert int(refused.value.headers["Retry-After"]) > 0
    throttles.check_submit_rate(post(bob))


def test_reading_is_free(alice, monkeypatch) -> None:
    monkeypatch.setattr(throttles.SubmitThrottle, "rate", "1/h", raising=False)
    request = RequestFactory().get("/")
    request.user = alice
    assert all(throttles.SubmitThrottle().allow_request(request, None) for _ in range(5))
