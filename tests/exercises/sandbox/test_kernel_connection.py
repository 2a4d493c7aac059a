"""The one way in which a cell is run to its end, whatever a kernel sends; the kernel here is a list of messages."""

import pytest

from exercises.assignment.definition import Limits
from exercises.sandbox import kernel_connection
from exercises.sandbox.console import CellEnd, _CellRelay
from exercises.sandbox.kernel import _CellRecorder
from exercises.sandbox.kernel_connection import KernelConnection
from exercises.sandbox.messages import Message
from exercises.sandbox.outputs import CellOutputs, Quota

OK = ("shell", "execute_reply", {"status": "ok", "execution_count": 4})
IDLE = ("iopub", "status", {"execution_state": "idle"})
BUSY = ("iopub", "status", {"execution_state": "busy"})
ERROR = {"ename": "ValueError", "evalue": "no", "traceback": ["line"]}


def text(words):
    return ("iopub", "stream", {"name": "stdout", "text": words})


class ScriptedKernel(KernelConnection):
    """Receives what a test says, one message at a time; answers are to the request `mine` unless a fourth part says otherwise."""

    def __init__(self, *messages):
        self._messages = list(messages)

    def _send(self, kind, content, buffers=None, *, channel="shell"):
        self.sent = (kind, content)
        return "mine"

    def _receive(self):
        if self._messages:
            channel, kind, content, *request = self._messages.pop(0)
            yield channel, Message(kind, request[0] if request else "mine", content, [])


class Listener:
    """Notes what it is given."""

    def __init__(self):
        self.taken = []

    def take_output(self, kind, content):
        self.taken.append(content.get("text", kind))

    def take_reply(self, content):
        self.taken.append(content["status"])


def run(*messages):
    listener = Listener()
    kernel = ScriptedKernel(*messages)
    assert kernel._run("1", listener) == "mine"
    return listener.taken, len(kernel._messages)


def test_it_works():
    assert run(BUSY, text("a"), OK, text("b"), IDLE, text("never")) == (["a", "ok", "b"], 1)


def test_it_waits_for_the_reply_and_takes_no_output_after_the_end():
    assert run(IDLE, text("a thread's"), OK) == (["ok"], 0)


def test_what_answers_another_request_is_not_this_cell_s():
    other = (*text("old"), "other")
    assert run(other, (*OK, "other"), (*IDLE, "other"), OK, IDLE) == (["ok"], 0)


def test_the_echo_of_the_source_is_no_output():
    assert run(("iopub", "execute_input", {}), OK, IDLE) == (["ok"], 0)


def test_a_lost_end_is_not_waited_for_for_ever(monkeypatch):
    monkeypatch.setattr(kernel_connection, "_IDLE_SECONDS", -1)
    assert run(text("a"), OK) == (["a", "ok"], 0)


def test_a_source_that_is_no_text_is_sent_all_the_same():
    kernel = ScriptedKernel(OK, IDLE)
    kernel._run("x = '\ud800'", Listener())
    assert kernel.sent[1]["code"] == "x = '?'"


# --- the two clients ---


@pytest.fixture
def recorder():
    return _CellRecorder(CellOutputs("1 / 0", limits=Limits(), quota=Quota(10_000)))


def test_a_report_has_the_text_and_the_error(recorder):
    ScriptedKernel(text("a"), ("iopub", "error", ERROR), ("shell", "execute_reply", {"status": "error"}), IDLE)._run(
        "1", recorder
    )
    assert recorder.transcript.text == "a"
    assert recorder.cell.status == "error"
    assert recorder.cell.error == {"name": "ValueError", "message": "no", "traceback": "line"}


def test_a_report_has_the_reply_s_error_where_its_message_was_lost(recorder):
    ScriptedKernel(("shell", "execute_reply", {"status": "error", **ERROR}), IDLE)._run("1", recorder)
    assert recorder.cell.error == {"name": "ValueError", "message": "no", "traceback": "line"}


def test_a_page_gets_the_number_and_the_texts_of_a_pager():
    shown = []
    relay = _CellRelay(lambda kind, content: shown.append((kind, content["data"])))
    page = {"source": "page", "data": {"text/plain": "\x1b[1mhelp\x1b[0m"}}
    ScriptedKernel(("shell", "execute_reply", {**OK[2], "payload": [page, {"source": "other"}]}), IDLE)._run("1", relay)
    assert relay.end == CellEnd("ok", 4)
    assert shown == [("display_data", {"text/plain": "help"})]


@pytest.mark.parametrize("count", [None, "4", -1, 10**12, True])
def test_a_senseless_number_of_a_cell_is_none(count):
    relay = _CellRelay(lambda kind, content: None)
    relay.take_reply({"status": "aborted", "execution_count": count})
    assert relay.end.status == "error" and relay.end.count in (0, 1)
