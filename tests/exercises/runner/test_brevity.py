"""What a kernel sends is cut to what the host keeps anyway."""

import pytest

from exercises.runner import brevity


@pytest.fixture
def sender():
    """The session's `send`, cut; `sender.sent` has the contents that went out."""
    sent = []

    def send(stream, message, content=None, **options):
        sent.append(message["content"] if isinstance(message, dict) else content)

    sender = brevity._Sender(send)
    sender.sent = sent
    return sender


def stream(text, cell="a"):
    return {"header": {"msg_type": "stream"}, "parent_header": {"msg_id": cell}, "content": {"text": text}}


def test_an_ordinary_message_stays_as_it_is(sender):
    sender(None, stream("hello\n"))
    sender(None, "status", {"execution_state": "idle"})
    assert sender.sent == [{"text": "hello\n"}, {"execution_state": "idle"}]


def test_printed_text_is_cut_and_says_how_much(sender):
    sender(None, stream("x" * (brevity.MAX_TEXT + 5)))
    assert len(sender.sent[0]["text"]) == brevity.MAX_TEXT and sender.sent[0]["cut"] == 5


def test_a_cell_that_printed_a_lot_has_little_from_then_on_and_the_next_one_has_all(sender):
    for _ in range(5):
        sender(None, stream("x" * brevity.MAX_TEXT))
    sender(None, stream("x" * brevity.MAX_TEXT, cell="b"))
    sizes = [len(content["text"]) for content in sender.sent]
    assert sizes == [brevity.MAX_TEXT] * 4 + [brevity.LITTLE, brevity.MAX_TEXT]


def test_what_is_written_over_is_not_sent(sender):
    sender(None, stream("1/3\r2/3\r3/3"))
    assert sender.sent[0]["text"] == "\r3/3"


def test_a_representation_that_is_too_large_is_named_instead(sender):
    sender(None, "display_data", {"data": {"image/png": "x" * (brevity.MAX_ITEM + 1), "text/plain": "figure"}})
    assert sender.sent == [{"data": {"text/plain": "figure"}, "too_large": {"image/png": brevity.MAX_ITEM + 1}}]


def test_of_an_error_the_end_is_sent(sender):
    lines = [f"{number} " + "x" * 10_000 for number in range(20)]
    sender(None, "error", {"evalue": "y" * 10**6, "traceback": lines})
    content = sender.sent[0]
    assert len(content["evalue"]) == brevity.MAX_ERROR
    assert content["traceback"][-1] == lines[-1] and sum(map(len, content["traceback"])) < brevity.MAX_ERROR + 10_003


def test_texts_that_no_message_can_hold_are_repaired(sender):
    sender(None, "display_data", {"data": {"text/plain": "a\ud800b"}, "metadata": {"k\udfff": ["\ud800"]}})
    assert sender.sent == [{"data": {"text/plain": "a?b"}, "metadata": {"k?": ["?"]}}]
