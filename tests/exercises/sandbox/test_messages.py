"""Messages of the Jupyter protocol, against the library that everybody uses for them."""

import json

import pytest
from jupyter_client.session import Session as Theirs

from exercises.sandbox import messages
from exercises.sandbox.messages import NotAMessage, Session


@pytest.fixture
def ours():
    return Session()


@pytest.fixture
def theirs(ours):
    return Theirs(key=ours.key.encode())


def test_a_kernel_reads_what_we_send(ours, theirs):
    request, parts = ours.pack("execute_request", {"code": "é"}, [b"buffer"])
    _, parts = theirs.feed_identities(parts)
    message = theirs.deserialize(parts)
    assert message["header"]["msg_id"] == request and message["header"]["msg_type"] == "execute_request"
    assert message["header"]["version"] == "5.4" and message["header"]["date"]
    assert message["content"] == {"code": "é"} and [bytes(buffer) for buffer in message["buffers"]] == [b"buffer"]


def test_we_read_what_a_kernel_sends(ours, theirs):
    request = {"header": {"msg_id": "42"}}
    said = theirs.msg("stream", {"text": "hello"}, parent=request)
    message = ours.unpack([*theirs.serialize(said, ident=[b"topic"]), b"buffer"])
    assert (message.kind, message.parent_id, message.content, message.buffers) == (
        "stream", "42", {"text": "hello"}, [b"buffer"],
    )  # fmt: skip


def signed(session, *texts):
    return [b"<IDS|MSG>", session._sign(list(texts)), *texts]


NONSENSE = {
    "nothing": [],
    "no delimiter": [b"a", b"b"],
    "too short": [b"<IDS|MSG>", b"", b"{}"],
    "no JSON": [b"{", b"{}", b"{}", b"{}"],
    "no objects": [b"[]", b"5", b"{}", b"{}"],
    "a content that is a list": [b"{}", b"{}", b"{}", b"[]"],
    "too deep": [b"{}", b"{}", b"{}", b"[" * 100_000],
    "not UTF-8": [b"{}", b"{}", b"{}", b'{"a": "\xff"}'],
    "too much to read": [b"{}", b"{}", b"{}", json.dumps({"a": "x" * 2**24}).encode()],
}


@pytest.mark.parametrize("texts", NONSENSE.values(), ids=NONSENSE.keys())
def test_nonsense_is_no_message(ours, texts):
    with pytest.raises(NotAMessage):
        ours.unpack(signed(ours, *texts) if len(texts) == 4 else texts)


def test_another_key_does_not_sign(ours, theirs):
    parts = Session().pack("stream", {}, [])[1]
    with pytest.raises(NotAMessage):
        ours.unpack(parts)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("invalid syntax (3163957617.py, line 1)", "invalid syntax (line 1)"),
        ("unexpected EOF (<tokenize>, line 3)", "unexpected EOF (line 3)"),
        ("no module (line 3)", "no module (line 3)"),
        (None, "None"),
    ],
)
def test_an_errors_text_has_no_names_of_files_that_nobody_has(said, shown):
    assert messages.error_text({"evalue": said}) == shown
