"""The process for strangers' JSON-LD: what it answers, in itself; its limits and its end are in `test_hashing`."""

import json
import socket
import threading
from contextlib import suppress

from certification.openbadges import fork_server, signing
from certification.openbadges.errors import Malformed


def test_it_answers_with_the_hash_that_the_proof_signs(signer):
    badge = signer.badge()
    assert fork_server.answer_to(badge) == {"hash": signing.hash_document(badge).hex()}


def test_what_is_wrong_is_told_with_its_kind(signer):
    reply = fork_server.answer_to(signer.badge() | {"proof": []})
    assert reply == {"error": {"kind": "Malformed", "message": "It must have exactly one proof.", "facts": {}}}


def test_facts_are_short_and_numbers_stay_numbers():
    error = fork_server.describe(Malformed("%(text)s %(limit)s", text="x" * 900, limit=4))["error"]
    assert error["facts"] == {"text": "x" * 500, "limit": 4}
    assert json.dumps(error)


def test_a_question_is_read_to_its_end_and_no_further():
    ours, theirs = socket.socketpair()
    question = b"x" * (fork_server.LONGEST_QUESTION + 500_000)

    def send():
        with ours, suppress(OSError):  # nobody reads the rest
            ours.sendall(question)

    sender = threading.Thread(target=send)
    sender.start()
    with theirs:
        text = fork_server.read_all(theirs)
    sender.join()
    assert fork_server.LONGEST_QUESTION < len(text) <= fork_server.LONGEST_QUESTION + 65536


def test_descriptors_come_with_a_byte():
    ours, theirs = socket.socketpair()
    with ours, theirs, socket.socket() as sent:
        socket.send_fds(ours, [b"x"], [sent.fileno()])
        data, descriptors = fork_server.receive(theirs)
        assert (data, len(descriptors)) == (b"x", 1)
        socket.socket(fileno=descriptors[0]).close()
        ours.close()
        assert fork_server.receive(theirs) == (b"", [])
