"""The reporter and the worker: whatever a kernel says, the worker stays whole and the report is plain, small data."""

import json
import textwrap
import threading
from pathlib import Path

import pytest

from tests.exercises.attacks.conftest import assert_ended, assert_honest, message, outcomes, output
from tests.exercises.attacks.exercise import HONEST

pytestmark = [pytest.mark.jail, pytest.mark.timeout(60)]

SPEAK = """
import os, socket, stat, threading, time
kernel = get_ipython().kernel
session, parent = kernel.session, kernel.get_parent()
shell, iopub = kernel.shell_stream.socket, kernel.iopub_socket
ident = kernel._parent_ident["shell"]
def publish(kind, content): session.send(iopub, kind, content, parent=parent)
def reply(kind, content, **more): session.send(shell, kind, content, parent=parent, ident=ident, **more)
def finish():
    "Claim that this cell is over, as the worker expects to hear it."
    reply("execute_reply", {"status": "ok", "execution_count": 1, "user_expressions": {}, "payload": []})
    publish("status", {"execution_state": "idle"})
    time.sleep(0.3)
def connections():
    "The kernel's connected unix sockets to the worker."
    found = []
    for name in os.listdir("/proc/self/fd"):
        try:
            if not stat.S_ISSOCK(os.fstat(int(name)).st_mode): continue
            sock = socket.socket(fileno=os.dup(int(name)))
            sock.getpeername()
            if sock.family == socket.AF_UNIX and sock.getsockname(): found.append(int(name))
        except OSError: pass
    return found
"""


def memory() -> int:
    """Resident bytes of this process, the worker."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


class Peak(threading.Thread):
    """Watches the worker's memory while the body of a `with` runs."""

    def __enter__(self) -> "Peak":
        self.over = threading.Event()
        self.began = self.most = memory()
        self.start()
        return self

    def run(self) -> None:
        while not self.over.wait(0.02):
            self.most = max(self.most, memory())

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.join()

    @property
    def grown(self) -> int:
        return max(self.most, memory()) - self.began


MESSAGES = {
    "a traceback that is a number": 'publish("error", {"ename": "x", "evalue": "y", "traceback": 5})',
    "a traceback that is an object": 'publish("error", {"ename": {}, "evalue": [], "traceback": {"a": 1}})',
    "a traceback of null": 'publish("error", {"ename": None, "evalue": None, "traceback": [None, 5, {}]})',
    "text that is a number": 'publish("stream", {"name": "stdout", "text": 5})',
    "text that is an object": 'publish("stream", {"name": [], "text": {"a": [1]}})',
    "no content": 'publish("stream", {})',
    "data that is a list": 'publish("display_data", {"data": [1]})',
    "data of objects": 'publish("execute_result", {"data": {"text/plain": {"a": [1]}}})',
    "a state that is an object": 'publish("status", {"execution_state": {"idle": 1}})',
    "a kind of message nobody knows": 'publish("evil" * 1000, {"x": 1})',
    "a kind that is a list": 'iopub.send_multipart(session.serialize({**session.msg("stream", {}, parent=parent), "header": {**session.msg_header("stream"), "msg_type": ["x"]}}, ident=[b"x"]))',
    "a header that is a list": 'iopub.send_multipart(session.serialize({**session.msg("stream", {}, parent=parent), "header": [1]}, ident=[b"x"]))',
    "a header of nothing": 'iopub.send_multipart(session.serialize({**session.msg("stream", {}, parent=parent), "header": {}}, ident=[b"x"]))',
    "a parent that is a text": 'iopub.send_multipart(session.serialize({**session.msg("stream", {}), "parent_header": "x"}, ident=[b"x"]))',
    "a content that is a list": 'iopub.send_multipart(session.serialize({**session.msg("stream", {}, parent=parent), "content": [1]}, ident=[b"x"]))',
    "a message without signature": 'iopub.send_multipart([b"x", b"<IDS|MSG>", b"", b"{}", b"{}", b"{}", b"{}"])',
    "a message signed wrongly": 'iopub.send_multipart([b"x", b"<IDS|MSG>", b"0" * 64, b"{}", b"{}", b"{}", b"{}"])',
    "a message of one part": 'iopub.send_multipart([b"x"])',
    "an empty message": 'iopub.send_multipart([b""])',
    "a message of ten thousand parts": 'iopub.send_multipart([b"x"] * 10_000)',
    "a message sent twice": 'm = session.serialize(session.msg("stream", {"text": "x"}, parent=parent), ident=[b"x"])\niopub.send_multipart(m)\niopub.send_multipart(m)',
    "text that is not JSON": 'raw("{")',
    "text that is not UTF-8": 'raw(b"\\xff\\xfe")',
    "JSON of a hundred thousand levels": 'raw("[" * 100_000)',
    "JSON of nine hundred levels": 'raw(\'{"text": \' + "[" * 900 + "]" * 900 + "}")',
    "not a number": 'raw(\'{"text": NaN, "execution_state": Infinity}\')',
    "a number of a hundred thousand digits": 'raw(\'{"text": \' + "9" * 100_000 + "}")',
    "half of a character": 'raw(\'{"name": "stdout", "text": "\\\\ud800"}\')',
    "duplicate keys": 'raw(\'{"text": "a", "text": "b"}\')',
    "a forged idle": 'publish("status", {"execution_state": "idle"})',
    "a forged busy": 'publish("status", {"execution_state": "busy"})',
    "a reply without a request": 'reply("namespace_reply", {"tree": ["l", ["ok", True]]})',
    "a reply to this cell": "finish()",
    "a reply that is no object": 'shell.send_multipart([*session.serialize({**session.msg("execute_reply", {}, parent=parent), "content": 5}, ident=ident)])',
    "a reply without status": 'reply("execute_reply", {})',
    "a hundred replies": "for _ in range(100): finish.__call__() if False else reply('execute_reply', {'status': 'ok'})",
    "a display for another page": 'publish("comm_open", {"comm_id": "x", "target_name": "evil", "data": {}})',
    "an input request": 'publish("input_request", {"prompt": "password", "password": True})',
    "a date in a header": 'iopub.send_multipart(session.serialize({**session.msg("stream", {"text": "x"}, parent=parent), "header": {**session.msg_header("stream"), "date": "2026-13-45T99:99:99Z"}}, ident=[b"x"]))',
}  # fmt: skip
RAW = """
def raw(content, kind="stream"):
    "Publish a correctly signed message whose content is this text."
    content = content if isinstance(content, bytes) else content.encode()
    head, parents = session.pack(session.msg_header(kind)), session.pack(parent["header"])
    parts = [head, parents, b"{}", content]
    iopub.send_multipart([b"x", b"<IDS|MSG>", session.sign(parts), *parts])
"""


@pytest.mark.parametrize("sentence", MESSAGES.values(), ids=MESSAGES.keys())
def test_a_message_that_makes_no_sense_harms_nobody(attack, sentence):
    """The worker either reads it as data or takes the kernel for dead; nothing else leaves `run`."""
    report = attack.submit(f"{SPEAK}{RAW}\n{sentence}\ntime.sleep(0.2)\n{HONEST}", wall_seconds=15)
    assert_ended(report, "passed", "kernel_died", "learner_error", "output_limit", points=None)
    assert report["points"] in (0, 5)


def test_a_lying_error_costs_only_the_liar(attack):
    report = attack.submit(f'{SPEAK}\npublish("error", {{"ename": "x", "evalue": "y", "traceback": []}})\n{HONEST}')
    assert_ended(report, "learner_error")


CLOSINGS = {
    "the shell after a forged reply": "finish()\nclose()",
    "everything at once": "close()\ntime.sleep(30)",
    "half of each connection": "close(socket.SHUT_WR)\ntime.sleep(30)",
    "the library's context": "finish()\nthreading.Thread(target=kernel.shell_stream.socket.context.term, daemon=True).start()\nkernel.shell_stream.close()",
    "in the background, later": "threading.Thread(target=lambda: (time.sleep(0.5), close()), daemon=True).start()",
    "reading no more, while asked": "finish()\ntime.sleep(60)",
    "stopped": "finish()\nos.kill(os.getpid(), 19)\nkernel.io_loop.stop()\ntime.sleep(60)",
    "descriptors replaced by a pipe": "finish()\nr, w = os.pipe()\nfor fd in connections(): os.dup2(w, fd)",
}
CLOSE = """
def close(how=socket.SHUT_RDWR):
    for fd in connections():
        socket.socket(fileno=os.dup(fd)).shutdown(how)
"""


@pytest.mark.timeout(40)
@pytest.mark.parametrize("source", CLOSINGS.values(), ids=CLOSINGS.keys())
def test_a_kernel_that_hangs_up_does_not_hold_the_worker(attack, source):
    slow = "import time\ntime.sleep(0.8)\nassert square(3) == 9"
    definition = attack.variant(small=slow)
    report = attack.submit(f"{HONEST}{SPEAK}{CLOSE}\n{source}", definition=definition, wall_seconds=6)
    assert_ended(report, "kernel_died", "time_limit", "output_limit", "passed", points=None)
    assert 0 <= report["points"] <= 5  # what had passed before the end still counts


MIB = 2**20
FLOODS = {
    "output, message by message": "while sent < total:\n    publish('stream', {'name': 'stdout', 'text': 'x' * (7 * MIB)}); sent += 7 * MIB",
    "output that belongs to nothing": "while sent < total:\n    session.send(iopub, 'stream', {'text': 'x' * (7 * MIB)}); sent += 7 * MIB",
    "replies": "while sent < total:\n    reply('namespace_reply', {'x': 'x' * (60 * MIB)}); sent += 60 * MIB",
    "replies with buffers": "while sent < total:\n    reply('namespace_reply', {}, buffers=[bytes(60 * MIB)]); sent += 60 * MIB",
    "replies of small objects": "reply('namespace_reply', {'x': [{}] * (4 * MIB - 999)})",
    "one message without end": (
        "frame = b'\\x03' + (7 * MIB).to_bytes(8, 'big') + bytes(7 * MIB)\n"  # ZMTP: a long frame, more to come
        "raws = [socket.socket(fileno=os.dup(fd)) for fd in connections()]\n"
        "def push(sock):\n    sent = 0\n    while sent < total:\n        sock.setblocking(True); sock.sendall(frame); sent += len(frame)\n"
        "threads = [threading.Thread(target=push, args=(sock,), daemon=True) for sock in raws]\n"
        "[t.start() for t in threads]; [t.join() for t in threads]"
    ),
}


@pytest.mark.parametrize("when", ["in a cell", "while the examiner works"])
@pytest.mark.parametrize("flood", FLOODS.values(), ids=FLOODS.keys())
def test_a_flood_does_not_grow_the_worker(attack, flood, when):
    """A kernel may send what it likes: the worker holds one message of each connection, and reads at most 16 MiB of JSON."""
    body = (
        f"MIB = 2**20; total = 1536 * MIB; sent = 0\ntry:\n{textwrap.indent(flood, '    ')}\nexcept Exception: pass\n"
    )
    later = f"def flood():\n    time.sleep(0.5)\n{textwrap.indent(body, '    ')}\nthreading.Thread(target=flood, daemon=True).start()\n"
    definition = attack.variant(small="import time\ntime.sleep(3)\nassert square(3) == 9")
    source = f"{HONEST}{SPEAK}\n{body if when == 'in a cell' else later}"
    with Peak() as peak:
        report = attack.submit(source, definition=definition, wall_seconds=15, memory_bytes=2 << 30)
    ends = ("passed", "output_limit", "kernel_died", "memory_limit", "time_limit", "learner_error")
    assert_ended(report, *ends, points=None)
    assert 0 <= report["points"] <= 5  # what had passed before the end still counts
    assert peak.grown < 640 * MIB, f"the worker grew by {peak.grown // MIB} MiB"


def test_a_flood_does_not_grow_a_worker_whose_request_is_not_taken(attack):
    """The worker takes nothing more in while it waits to send to a kernel that has hung up."""
    flood = FLOODS["one message without end"].replace("connections()]", "connections() if fd not in shells]")
    source = f"""{HONEST}{SPEAK}
shells = [fd for fd in connections() if "shell" in repr(socket.socket(fileno=os.dup(fd)).getsockname())]
finish()
for fd in shells: socket.socket(fileno=os.dup(fd)).shutdown(socket.SHUT_RDWR)
MIB = 2**20; total = 3 * 1024 * MIB
try:
{textwrap.indent(flood, "    ")}
except Exception: pass
time.sleep(20)
"""
    with Peak() as peak:
        report = attack.submit(source, wall_seconds=12, memory_bytes=2 << 30)
    assert_ended(report, "output_limit", "kernel_died", "memory_limit", "time_limit")
    assert peak.grown < 640 * MIB, f"the worker grew by {peak.grown // MIB} MiB"


HOSTILE = {
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "SVG": "<svg onload=alert(1)>",
    "ANSI": "\x1b[2J\x1b]0;title\x07\x1b[31m",
    "Markdown": "[x](javascript:alert(1))",
    "control characters": "".join(map(chr, range(32))),
    "a null": "a\0b",
    "bidirectional": "\u202egnp.exe",
    "log lines": "ok\n[2026-01-01] CRITICAL forged line\r\n",
    "a template": "{{ settings.SECRET_KEY }}{% debug %}",
    "a format": "%s%s%n{0.__class__}",
    "an astral plane": "\U0001f4a9" * 100,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_stays_text(attack, text):
    """It comes back in the report as it was, as a string and nothing else; showing it safely is the page's work."""
    source = f"print({text!r})\ndef square(x):\n    if x == 3: return {text!r}\n    raise ValueError({text!r})"
    assert_plain(attack.submit(source))


def test_hostile_text_in_an_error_stays_text(attack):
    report = attack.submit(f"raise ValueError({''.join(HOSTILE.values())!r})")
    assert_plain(report)
    error = dict(report["cells"][1]["error"])
    assert type(error.pop("line")) is int and error.pop("is_ours") is False
    assert all(isinstance(value, str) for value in error.values())


def assert_plain(report):
    json.dumps(report, ensure_ascii=False).encode()
    assert_ended(report, "failed", "learner_error")
    assert all(isinstance(check["message"], str) and len(check["message"]) <= 2000 for check in report["checks"])


EXCEPTIONS = {
    "whose text raises": "class E(Exception):\n    def __str__(self): raise RuntimeError",
    "whose text never comes": "class E(Exception):\n    def __str__(self):\n        while True: pass",
    "whose text is endless": "class E(Exception):\n    def __str__(self): return 'x' * 50_000_000",
    "whose text exits": "import os\nclass E(Exception):\n    def __str__(self): os._exit(0)",
    "whose text is not text": "class E(Exception):\n    def __str__(self): return 5",
    "whose reduce is code": "class E(Exception):\n    def __reduce__(self): return (__import__('os').system, ('touch /tmp/owned',))",
    "with a huge name": "E = type('E' * 1_000_000, (Exception,), {})",
    "with a name of another": "E = type('SystemError', (Exception,), {'__module__': 'builtins'})",
    "whose class lies": "class M(type):\n    def __getattribute__(c, n):\n        raise RuntimeError(n)\nclass E(Exception, metaclass=M): pass",
    "in a chain of thousands": "def E(*_):\n    e = None\n    for _ in range(3000):\n        n = ValueError('x' * 1000); n.__cause__ = e; e = n\n    return e",
    "in a group": "def E(*_):\n    e = ValueError('x')\n    for _ in range(500): e = ExceptionGroup('g' * 100, [e])\n    return e",
    "that names a hidden thing": "E = lambda *_: NameError('secret', name='secret_label')",
    "that is no exception": "class E(BaseException): pass",
    "with surrogates": "E = lambda *_: ValueError('\\ud800\\udfff')",
    "of an operating system": "E = lambda *_: OSError(5, 'x', '/etc/passwd')",
    "of a warning": "E = lambda *_: UserWarning('x' * 10_000)",
}


@pytest.mark.parametrize("where", ["in a cell", "in a check"])
@pytest.mark.parametrize("kind", EXCEPTIONS.values(), ids=EXCEPTIONS.keys())
def test_an_exception_attacks_no_reporter(attack, kind, where):
    raising = "raise E('x')" if where == "in a cell" else "def square(x): raise E('x')"
    report = attack.submit(f"{kind}\n{raising}", wall_seconds=4)
    assert_ended(report, "failed", "learner_error", "time_limit", "kernel_died", "output_limit", "memory_limit")
    assert all(len(check["message"]) <= 2000 for check in report["checks"])


def test_an_exception_says_what_a_learner_needs(attack):
    report = attack.submit("def square(x): raise ValueError('mine')")
    assert outcomes(report)["small"] == "error"
    assert message(report, "small") == "ValueError: mine"


def test_output_is_kept_up_to_its_cap(attack):
    report = attack.submit(f"print('x' * 100_000)\n{HONEST}")
    assert_honest(report)
    assert 64 * 2**10 <= len(output(report)) < 65 * 2**10
