"""One line per request, and no secret in it."""

import asyncio

import pytest
from django.http import HttpResponse
from django.test import AsyncRequestFactory, RequestFactory
from django.urls import resolve
from structlog.testing import capture_logs

from learnpaths.accounts.services import rotate_token
from learnpaths.core.requestlog import request_log, safe_path


@pytest.fixture
def ask():
    """Send a request through the middleware; return the lines that it logged."""

    def ask(path, status=200, **headers):
        request = RequestFactory().get(path, **headers)
        with capture_logs() as lines:
            request_log(lambda request: HttpResponse(status=status))(request)
        return lines

    return ask


def test_it_logs_one_line(ask):
    [line] = ask("/paths/foundations/")
    assert (line["method"], line["path"], line["status"]) == ("GET", "/paths/foundations/", 200)
    assert line["user"] is None


def test_it_logs_asynchronous_views_too():
    async def view(request):
        return HttpResponse(status=204)

    with capture_logs() as lines:
        asyncio.run(request_log(view)(AsyncRequestFactory().get("/submissions/")))
    assert [line["status"] for line in lines] == [204]


def test_a_query_string_and_headers_are_no_part_of_it(ask):
    lines = ask("/verify/?token=hunter2", HTTP_AUTHORIZATION="Token hunter2", HTTP_COOKIE="sessionid=hunter2")
    assert "hunter2" not in str(lines)


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/key/3k-c2wq1z-0123456789abcdef/", "/accounts/confirm-email/MQ:1abcDE:hunter2/"]
)
def test_the_keys_of_mailed_links_are_left_out(path):
    request = RequestFactory().get(path)
    request.resolver_match = resolve(path)
    assert "…" in safe_path(request)
    assert "0123456789abcdef" not in safe_path(request)
    assert "hunter2" not in safe_path(request)


def test_a_path_cannot_forge_a_line(ask):
    [line] = ask("/x%0A2026-11-23 [info] forged")
    assert "\n" not in line["path"]


def test_what_is_asked_all_the_time_is_quiet(ask):
    assert ask("/healthz") == []
    assert ask("/static/site.css") == []


def test_a_fault_is_never_quiet(ask):
    [line] = ask("/healthz", status=500)
    assert line["log_level"] == "error"


def test_not_being_ready_is_told_once_by_its_check(ask):
    assert ask("/readyz", status=503) == []


def test_it_names_the_address_and_the_person_of_a_session_or_token(client, alice):
    key = rotate_token(user=alice)
    with capture_logs() as lines:
        client.get("/api/v1/exercises/", headers={"Authorization": f"Token {key}"}, REMOTE_ADDR="192.0.2.7")
        client.get("/")
        client.force_login(alice)
        client.get("/accounts/profile/")
    requests = [(line["user"], line["address"]) for line in lines if line["event"] == "request"]
    assert requests == [(alice.pk, "192.0.2.7"), (None, "127.0.0.1"), (alice.pk, "127.0.0.1")]
    assert key not in str(lines)
    assert alice.email not in str(lines)
