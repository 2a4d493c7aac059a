"""Web: the usual ten against the site around the engine. What single pages refuse is tested beside the pages."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from exercises.models import Submission
from learnpaths.accounts.models import User

pytestmark = pytest.mark.django_db

OBJECTS = {
    "the page": ("get", "/submissions/{id}/"),
    "its status": ("get", "/submissions/{id}/status/"),
    "cancelling": ("post", "/submissions/{id}/cancel/"),
    "restoring": ("post", "/submissions/{id}/restore/"),
    "the API": ("get", "/api/v1/submissions/{id}/"),
    "cancelling by the API": ("post", "/api/v1/submissions/{id}/cancel/"),
    "events": ("get", "/api/v1/submissions/{id}/events/"),
}


@pytest.fixture
def stranger():
    client = Client()
    client.force_login(User.objects.create_user(email="mallory@example.org", password="correct-horse"))
    return client


@pytest.mark.parametrize(("method", "url"), OBJECTS.values(), ids=OBJECTS.keys())
def test_another_learners_submission_does_not_exist(stranger, submission, method, url):
    """Not 403: that it exists is nobody's business either."""
    answer = getattr(stranger, method)(url.format(id=submission.id))
    assert answer.status_code == 404
    assert Submission.objects.get().state == "queued"


def test_the_list_of_the_api_has_only_ones_own(stranger, submission):
    assert stranger.get("/api/v1/exercises/add/submissions/").json()["results"] == []


def test_a_submission_cannot_name_its_owner_its_points_or_its_seed(api, alice, bob, notebook):
    forged = {"user": bob.pk, "points": 100, "passed": True, "verdict": "passed", "seed": 7, "state": "finished"}
    body = {**notebook, **forged, "metadata": {**notebook["metadata"], **forged}}
    answer = api.generic(
        "POST", "/api/v1/exercises/add/submissions/", json.dumps(body), content_type="application/json"
    )
    assert answer.status_code in (202, 400, 422)
    for row in Submission.objects.all():
        assert (row.user, row.points, row.passed, row.verdict, row.state) == (alice, None, False, "", "queued")


@pytest.fixture(autouse=True)
def exercise_is_there(exercise):
    return exercise


def test_a_profile_cannot_make_its_owner_staff(as_alice, alice):
    as_alice.post("/accounts/profile/", {"name": "Alice", "is_staff": "on", "is_superuser": "on", "groups": "1"})
    alice.refresh_from_db()
    assert (alice.is_staff, alice.is_superuser, alice.groups.count()) == (False, False, 0)


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_signing_in_leads_to_no_other_site(client, alice, password, target):
    answer = client.post(
        f"/accounts/login/?next={target}", {"login": alice.email, "password": password, "next": target}
    )
    assert answer.status_code == 302
    assert "evil" not in answer["Location"] and "javascript" not in answer["Location"]


def test_a_session_gets_a_new_key_at_sign_in(client, alice, password):
    client.session.save()
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post("/accounts/login/", {"login": alice.email, "password": password})
    assert client.session.session_key != before and "_auth_user_id" in client.session


def test_guessing_a_password_is_slowed_down(client, alice):
    answers = [client.post("/accounts/login/", {"login": alice.email, "password": f"guess-{n}"}) for n in range(12)]
    assert "Too many wrong passwords" in answers[-1].text or answers[-1].status_code == 429


@pytest.mark.parametrize("url", ["/accounts/password/reset/", "/accounts/signup/"])
def test_nobody_learns_who_has_an_account(client, alice, mailoutbox, password, settings, url):
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # as in production; the embedded mode is one's own machine
    known = client.post(url, {"email": alice.email, "password1": password})
    unknown = Client().post(url, {"email": "nobody@example.org", "password1": password})
    assert (known.status_code, known.headers.get("Location")) == (unknown.status_code, unknown.headers.get("Location"))


def test_no_page_allows_scripts_of_others_or_inline(client, exercise):
    for url in ("/", "/exercises/add/", "/accounts/login/"):
        policy = client.get(url)["Content-Security-Policy"]
        directives = dict(part.strip().partition(" ")[::2] for part in policy.split(";"))
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy
        assert directives["script-src"].startswith("'self'") and directives["object-src"] == "'none'"
        assert directives["frame-ancestors"] == "'none'"


def test_no_line_can_be_put_into_a_header(as_alice):
    for url in ("/exercises/add%0d%0aSet-Cookie:x=1/", "/accounts/login/?next=/%0d%0aSet-Cookie:%20x=1"):
        answer = as_alice.get(url)
        assert "x" not in answer.cookies and "\n" not in str(answer.headers.get("Location", ""))


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "a\0b.ipynb", "x" * 5000, "\u202egnp.ipynb", "-rf"]
)
def test_the_name_of_an_upload_is_no_path(as_alice, notebook, name):
    file = SimpleUploadedFile("x", json.dumps(notebook).encode(), "application/x-ipynb+json")
    file._name = name  # as a program may send it; Django's own setter would clean it
    answer = as_alice.post("/exercises/add/upload/", {"notebook": file})
    assert answer.status_code in (302, 400, 422)


def test_an_error_page_tells_nothing_of_ours(client, settings):
    answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert settings.SECRET_KEY not in answer.text and "Traceback" not in answer.text and "DATABASES" not in answer.text
