from datetime import UTC, datetime

import pytest
from django.http import HttpResponse
from django.template import engines

from learnpaths.core import zones

MOMENT = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cookie", "path", "shown"),
    [
        ("Europe/Berlin", "/", "2 July 2026, 00:30 CEST"),
        ("Asia/Kolkata", "/submissions/x/", "2 July 2026, 04:00 IST"),
        ("", "/", "1 July 2026, 22:30 UTC"),
        ("../../etc/passwd", "/", "1 July 2026, 22:30 UTC"),
        ("Mars/Olympus", "/", "1 July 2026, 22:30 UTC"),
        ("Europe/Berlin", "/api/v1/submissions/", "1 July 2026, 22:30 UTC"),
    ],
)
def test_a_time_is_shown_in_the_readers_zone_with_its_name(rf, cookie, path, shown):
    page = engines["django"].from_string('{{ moment|date:"DATETIME_FORMAT" }}')
    middleware = zones.in_readers_zone(lambda request: HttpResponse(page.render({"moment": MOMENT})))
    request = rf.get(path)
    request.COOKIES[zones.COOKIE] = cookie
    assert middleware(request).content.decode() == shown


def test_what_is_signed_has_one_date_for_all(rf):
    page = engines["django"].from_string('{% load tz %}{{ moment|utc|date:"DATE_FORMAT" }}')
    middleware = zones.in_readers_zone(lambda request: HttpResponse(page.render({"moment": MOMENT})))
    request = rf.get("/")
    request.COOKIES[zones.COOKIE] = "Asia/Kolkata"
    assert middleware(request).content.decode() == "1 July 2026"
