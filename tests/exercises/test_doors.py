"""Who may do what with whose work: every role at every door. A door that is added belongs in this table."""

import pytest
from django.contrib.auth.models import Permission

from exercises import services

pytestmark = pytest.mark.django_db
ROLES = ("visitor", "owner", "learner", "staff", "may see", "may stop", "superuser")
# Method, address, and the answer to each role in that order. 302 leads to the sign-in or, after a change, back to the page; 404 is what
# a stranger sees, whether there is such a submission or not. The reference is shown to nobody before a pass (403).
DOORS = {
    "see a submission": ("GET", "/submissions/{id}/", (404, 200, 404, 404, 200, 200, 200)),
    "ask how it stands": ("GET", "/submissions/{id}/status/", (404, 200, 404, 404, 200, 200, 200)),
    "stop it": ("POST", "/submissions/{id}/cancel/", (404, 302, 404, 404, 403, 302, 302)),
    "compare it with the reference": ("GET", "/submissions/{id}/solution/", (302, 403, 404, 404, 403, 403, 403)),
    "copy it into one's own notebook": ("POST", "/submissions/{id}/restore/", (404, 302, 404, 404, 302, 302, 302)),
    "see it by the API": ("GET", "/api/v1/submissions/{id}/", (401, 200, 404, 404, 200, 200, 200)),
    "stop it by the API": ("POST", "/api/v1/submissions/{id}/cancel/", (401, 200, 404, 404, 403, 200, 200)),
    "list submissions": ("GET", "/admin/exercises/submission/", (302, 302, 302, 403, 200, 200, 200)),
    "look at one in the admin": (
        "GET",
        "/admin/exercises/submission/{id}/change/",
        (302, 302, 302, 403, 200, 200, 200),
    ),
    "list people": ("GET", "/admin/accounts/user/", (302, 302, 302, 403, 403, 403, 200)),
    "change a person": ("GET", "/admin/accounts/user/{owner}/change/", (302, 302, 302, 403, 403, 403, 200)),
}


@pytest.fixture
def submission(alice, exercise, answers):
    return services.submit(user=alice, exercise=exercise, sources=answers)


@pytest.fixture
def as_role(client, alice, bob):
    def become(role):
        if role == "visitor":
            return client
        user = alice if role == "owner" else bob
        user.is_staff = role not in ("owner", "learner")
        user.is_superuser = role == "superuser"
        user.save()
        given = {"may see": "view_submission", "may stop": "change_submission"}.get(role)
        if given:
            user.user_permissions.add(Permission.objects.get(content_type__app_label="exercises", codename=given))
        client.force_login(user)
        return client

    return become


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("role", ROLES)
def test_each_door_knows_who_stands_before_it(as_role, submission, role, door):
    method, address, answers = DOORS[door]
    client = as_role(role)
    path = address.format(id=submission.id, owner=submission.user_id)
    answer = client.get(path) if method == "GET" else client.post(path)
    assert answer.status_code == answers[ROLES.index(role)], f"{role}: {door}"
