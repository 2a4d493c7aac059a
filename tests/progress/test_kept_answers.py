"""Answers to checkpoints: with the account, or in a visitor's browser."""

import pytest
from django.contrib.sessions.models import Session
from django.core import signing

from learnpaths.progress import kept_answers, selectors, services
from learnpaths.progress.models import CheckpointAnswer

pytestmark = pytest.mark.django_db


LESSON = "/paths/garden/seeds/"


CHOICE = f"{LESSON}checkpoints/sign-of-the-slope/"


NUMBER = f"{LESSON}checkpoints/one-step/"


HTMX = {"HX-Request": "true"}


def test_answers_of_a_learner_are_kept_with_the_account(client, garden, alice):
    client.force_login(alice)
    client.post(NUMBER, {"answer": "0.6"})
    client.post(NUMBER, {"answer": "1.4"})
    row = CheckpointAnswer.objects.get()
    assert (row.user, row.lesson, row.checkpoint, row.answer, row.is_correct, row.tries) == (
        alice,
        "seeds",
        "one-step",
        "1.4",
        True,
        2,
    )


def test_answers_of_a_visitor_move_into_the_account(client, garden, alice, password):
    client.post(NUMBER, {"answer": "1.4"})
    client.post(CHOICE, {"answer": "1"})
    services.record_answer(user=alice, lesson="seeds", checkpoint="one-step", answer="0.6", is_correct=False)
    client.post("/accounts/login/", {"login": alice.email, "password": password})
    assert selectors.answers(alice, "seeds") == {"one-step": "0.6", "sign-of-the-slope": "1"}
    assert not client.cookies[kept_answers.COOKIE].value


def test_answers_of_one_visitor_do_not_move_into_the_next_account(client, garden, alice, bob, password):
    client.post(CHOICE, {"answer": "0"})
    client.post("/accounts/login/", {"login": alice.email, "password": password})
    client.post("/accounts/logout/")
    client.post("/accounts/login/", {"login": bob.email, "password": password})
    assert selectors.answers(alice, "seeds")
    assert selectors.answers(bob, "seeds") == {}


def test_a_visitor_who_answers_gets_no_session(client, garden):
    for url, answer in ((NUMBER, "1.4"), (CHOICE, "1"), (CHOICE, "nonsense")):
        client.post(url, {"answer": answer}, headers=HTMX)
        client.post(url, {"answer": answer})
    client.get(LESSON)
    assert "sessionid" not in client.cookies
    assert not Session.objects.exists()


@pytest.mark.parametrize("value", ["", "x", "e30:1:x", "x" * 5000])
def test_what_a_browser_sends_instead_of_answers_is_no_error(client, garden, value):
    client.cookies[kept_answers.COOKIE] = value
    assert client.get(LESSON).status_code == 200
    assert client.post(NUMBER, {"answer": "1.4"}, headers=HTMX).status_code == 200


def test_a_browser_keeps_a_bounded_number_of_answers(client, garden, rf, settings):
    kept = {f"lesson-{n}": {f"question-{m}": f"{n}.{m}" for m in range(20)} for n in range(100)}
    client.cookies[kept_answers.COOKIE] = signing.dumps(kept, salt="progress.answers", compress=True)
    client.post(NUMBER, {"answer": "1.4"})
    assert len(client.cookies[kept_answers.COOKIE].value) <= 3500
    assert "Yes: the slope is" in client.get(LESSON).text


def test_kept_answer_to_a_question_that_changed_is_no_error(client, garden, alice):
    services.record_answer(user=alice, lesson="seeds", checkpoint="sign-of-the-slope", answer="7", is_correct=True)
    client.force_login(alice)
    assert client.get(LESSON).status_code == 200
