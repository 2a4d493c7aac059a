"""The page of an exercise, kept for visitors: its nonce and its queue are those of now."""

import re

from exercises.grading import heartbeats


def test_each_answer_has_the_nonce_of_its_policy(client, exercise):
    url = exercise.get_absolute_url()
    nonces = []
    for _ in range(2):
        answer = client.get(url)
        nonces += re.findall(r'nonce="([^"]+)"', answer.text)
        assert f"'nonce-{nonces[-1]}'" in answer["Content-Security-Policy"]
    assert len(set(nonces)) == 2


def test_a_worker_that_comes_shows_at_once(client, exercise):
    heartbeats.retire("cpu")
    without = client.get(exercise.get_absolute_url()).text
    heartbeats.announce("cpu", "ready")
    assert client.get(exercise.get_absolute_url()).text.count("No worker") < without.count("No worker") + 1
    assert re.sub(r'nonce="[^"]+"', "", client.get(exercise.get_absolute_url()).text) != re.sub(
        r'nonce="[^"]+"', "", without
    )
