"""A 404 says what was looked for, offers the search and the list of that kind."""

import re
import uuid

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("url", "title", "words", "where"),
    [
        ("/paths/cooking/", "There is no such path", "cooking", "/paths/"),
        ("/paths/foundations/gradent-descent/", "There is no such lesson", "gradent descent", "/paths/"),
        ("/exercises/line-fitt/", "There is no such exercise", "line fitt", "/exercises/"),
        ("/exercises/line-fitt/submissions/", "There is no such exercise", "submissions", "/exercises/"),
        (f"/submissions/{uuid.UUID(int=7)}/", "There is no such submission", "", "/exercises/"),
        (f"/certificates/{uuid.UUID(int=7)}/", "There is no such certificate", "", "/verify/"),
        ("/certificates/hello/", "There is no such certificate", "hello", "/verify/"),
        ("/credentials/cook/", "There is no such certificate to earn", "cook", "/paths/"),
        ("/nowhere/", "There is no such page", "nowhere", "/"),
        ("/%F0%9F%A6%8A/<b>x</b>%22/", "There is no such page", "", "/"),
    ],
)
def test_what_was_looked_for(client, alice, url, title, words, where):
    client.force_login(alice)
    answer = client.get(url)
    page = answer.text.partition("<main")[2]
    assert answer.status_code == 404
    assert title in re.search(r"<h1>(.*)</h1>", page)[1]
    assert ("submission" in page) == ("submissions" in url)
    assert re.search(r'name="q"[^>]*value="([^"]*)"', page)[1] == words
    assert f'href="{where}"' in page


def test_a_program_is_told_in_json(client):
    answer = client.get("/exercises/nowhere/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["title"]) == (404, "There is nothing here")


def test_a_visitor_is_led_to_the_sign_in_and_back(client):
    assert (
        'href="/accounts/login/?next=%2Fsubmissions%2F1%2F"' in client.get("/submissions/1/").text.partition("<main")[2]
    )
