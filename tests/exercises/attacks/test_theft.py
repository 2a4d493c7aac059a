"""Theft: tests, labels and hidden inputs stay where they are; so do the supervisor, the zygote and the neighbours."""

import json

import pytest

from exercises.runner import words
from tests.exercises.attacks.conftest import assert_honest, message, outcomes
from tests.exercises.attacks.exercise import FEEDBACK, HONEST

pytestmark = [pytest.mark.jail, pytest.mark.timeout(120)]

NEEDLES = ("for x in xs:\n    assert square(x) ==", 'np.load(held_out("toy"', "accuracy = float(((rebuild(")


def test_no_text_of_a_hidden_check_is_in_the_learners_memory(attack):
    """The whole address space is searched, from a cell and from inside a check; the words searched for are kept in halves."""
    halves = [(needle[:9].encode(), needle[9:].encode()) for needle in NEEDLES]
    source = f"""
def search():
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, rights, *rest = line.split()
            if "r" not in rights or (len(rest) > 3 and rest[3].startswith(("/", "[v"))):
                continue
            start, end = (int(part, 16) for part in span.split("-"))
            for begin in range(start, end, 1 << 24):
                memory.seek(begin)
                try:
                    data = memory.read(min(end - begin, 1 << 24))
                except OSError:
                    continue
                for head, tail in {halves!r}:
                    at = data.find(head)
                    while at >= 0:
                        if data[at + len(head) : at + len(head) + len(tail)] == tail:
                            raise ValueError("found")
                        at = data.find(head, at + 1)
def square(x):
    if x in (3, 5): search()
    return x * x
search()
"""
    assert_honest(attack.submit(source, memory_bytes=1 << 30, wall_seconds=60))


def test_the_search_of_memory_finds_what_is_there(attack):
    """The counterpart of the test above: a text that the learner does hold is found by the same means."""
    source = """
import json, os
kept = "for x in xs" + os.environ["USER"]
seen = False
with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
    for line in maps:
        span, rights, *rest = line.split()
        if "r" in rights and not (len(rest) > 3 and rest[3].startswith(("/", "[v"))):
            start, end = (int(part, 16) for part in span.split("-"))
            memory.seek(start)
            try: seen = seen or b"for x in xslearner" in memory.read(min(end - start, 1 << 24))
            except OSError: pass
"""
    assert attack.look(source, memory_bytes=1 << 30) is True


PLACES = {
    "frames": "import sys\nf = sys._getframe()\nnames = []\nwhile f:\n    names += [*f.f_locals, *f.f_globals]; f = f.f_back\ntext = ' '.join(names)",
    "objects": "import gc\ntext = ' '.join(o for o in gc.get_objects() if isinstance(o, str)) + ' '.join(k for o in gc.get_objects() if type(o) is dict for k in o if type(k) is str)",
    "line cache": "import linecache\ntext = repr(linecache.cache)",
    "history": "text = repr(list(get_ipython().history_manager.get_range(raw=False))) + repr(globals().get('In'))",
    "modules": "import sys\ntext = ' '.join(repr(vars(m)) for n, m in list(sys.modules.items()) if n.startswith(('exercises', '__main__')) and m)",
    "arguments and environment": "text = ' '.join(open(f'/proc/self/{n}').read() for n in ('cmdline', 'environ'))",
    "files": "import os\ntext = ' '.join(os.path.join(a, n) for top in ('/tmp', '/data', '/opt', '/dev/shm', '/run') for a, _, ns in os.walk(top) for n in ns)",
}


@pytest.mark.parametrize("source", PLACES.values(), ids=PLACES.keys())
def test_checks_are_not_found_in(attack, source):
    """Asked from a cell and again from inside a check, when the examiner is at work."""
    program = f"""
import json
def square(x):
    global found
    exec({source!r}, scope := dict(globals()))
    found = [word for word in ("held" + "-out acc", "secret" + "_label", "labels" + ".npz") if word in scope["text"]]
    if found: raise ValueError(repr(found))
    return x * x
"""
    report = attack.submit(program + "square(2)")
    assert_honest(report)


def test_every_descriptor_is_harmless(attack):
    """On arrival a learner holds its own three listening sockets, its library's pipes and sockets, and /dev/null."""
    source = """
import json, os, socket, stat
seen = []
for name in os.listdir("/proc/self/fd"):
    try:
        target, mode = os.readlink(f"/proc/self/fd/{name}"), os.fstat(int(name)).st_mode
    except OSError:
        continue
    peer = ""
    if stat.S_ISSOCK(mode):
        duplicate = socket.socket(fileno=os.dup(int(name)))
        kind = f"{duplicate.family.name} {duplicate.type.name}"
        listening = duplicate.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        try: peer = repr(duplicate.getsockname()) + repr(duplicate.getpeername())
        except OSError: peer = repr(duplicate.getsockname())
        target = f"socket {kind} {'listening' if listening else 'connected'}"
    seen.append([target.split(":[")[0] if target[0] in "ps" else target, peer])
"""
    seen = attack.look(source)
    kinds = {target for target, _ in seen}
    assert kinds <= {
        "/dev/null", "pipe", "anon_inode:[eventpoll]", "anon_inode:[eventfd]",
        "socket AF_UNIX SOCK_STREAM listening", "socket AF_UNIX SOCK_STREAM connected",
        "socket AF_INET SOCK_STREAM listening", "socket AF_INET SOCK_STREAM connected",
    }, kinds  # fmt: skip
    assert len([1 for target, _ in seen if target == "socket AF_UNIX SOCK_STREAM listening"]) == 3
    assert not [peer for _, peer in seen if peer.endswith("/zygote'") or "zygote" in peer]


def test_the_zygotes_listening_socket_is_not_inherited(attack):
    """A learner that could accept on it would be given the next learner's notebook, or the labels."""
    source = """
import json, os, socket, threading
seen = []
for name in os.listdir("/proc/self/fd"):
    try:
        listener = socket.socket(fileno=os.dup(int(name)))
        listener.setblocking(False)
        name = listener.getsockname()
    except OSError:
        continue
    if "zygote" in repr(name):
        seen.append(repr(name))
"""
    assert attack.look(source) == []


def test_accepting_on_its_own_sockets_gives_no_one_elses_notebook(attack):
    source = """
import os, socket, threading, time
def listen(fd):
    try:
        listener = socket.socket(fileno=os.dup(fd))
        if listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            listener.settimeout(2)
            listener.accept()
    except OSError: pass
for name in os.listdir("/proc/self/fd"):
    threading.Thread(target=listen, args=(int(name),), daemon=True).start()
time.sleep(1)
"""
    with attack.beside():
        assert_honest(attack.submit(source + HONEST))


TOUCHES = {
    "its parent": "open('/proc/1/../../proc/self/task/1/children').read(); assert os.getppid() == 0, os.getppid()",
    "the supervisor's memory": "assert not [p for p in os.listdir('/proc') if p.isdigit() and p != '1']",
    "other jails' shared memory": "assert os.listdir('/dev/shm') == []",
    "other jails' files": "assert not [n for n in os.listdir('/tmp') if n not in ('home', 'shm', 'work')]",
    "the outer /tmp": "assert open('/proc/self/mountinfo').read().count(' /tmp ') >= 1",
}


@pytest.mark.parametrize("source", TOUCHES.values(), ids=TOUCHES.keys())
def test_neighbours_and_supervisor_are_out_of_sight(attack, source):
    with attack.beside():
        assert_honest(attack.submit(f"import os\n{source}\n{HONEST}"))


FIXED = [text for _, text in words._OF_FAULTS]


def test_a_hidden_check_shows_only_its_authors_words(attack):
    """Neither the inputs nor the learner's own text come back from a hidden check: its author's words, or a fixed sentence of ours."""
    for source in (
        "def square(x):\n    if x >= 10: raise ValueError(f'hidden input {x}')\n    return x * x",
        "def square(x):\n    if x >= 10: raise AssertionError(f'hidden input {x}')\n    return x * x",
        "def square(x):\n    print('hidden input', x)\n    import sys; print('hidden input', x, file=sys.stderr)\n    return x * x if x < 10 else 0",
        "class hidden_input: pass\ndef square(x): return hidden_input() if x >= 10 else x * x",
        "def square(x):\n    if x >= 10: raise NameError('hidden input', name=f'hidden_{x}')\n    return x * x",
    ):
        report = attack.submit(source)
        assert outcomes(report)["unseen"] in ("failed", "error")
        assert message(report, "unseen") in (FEEDBACK, words.RAISED, words.UNUSABLE, *FIXED)
        assert "hidden" not in json.dumps([report["cells"], [check["message"] for check in report["checks"]]])


LEAKS = {
    "the message of a later check": (
        "seen = []\ndef square(x):\n    if x == 5: return repr(seen)\n    if x >= 10: seen.append(f'hidden{x}')\n    return x * x"
    ),
    "an error in a later check": (
        "seen = []\ndef square(x):\n    if x == 5: raise ValueError(repr(seen))\n"
        "    if x >= 10: seen.append(f'hidden{x}')\n    return x * x"
    ),
    "the type of a later answer": (
        "seen = []\ndef square(x):\n    if x == 5: return type(''.join(seen), (), {})()\n"
        "    if x >= 10: seen.append(f'hidden{x}')\n    return x * x"
    ),
}


@pytest.mark.parametrize("source", LEAKS.values(), ids=LEAKS.keys())
def test_hidden_inputs_do_not_come_back_through(attack, source):
    report = attack.submit(source)
    assert outcomes(report)["unseen"] == "passed"
    assert "hidden" not in json.dumps(report["checks"]).replace('"hidden":', "")


def test_hidden_inputs_do_not_come_back_through_the_next_run(attack):
    attack.submit("def square(x):\n    open('/tmp/seen', 'a').write(str(x))\n    return x * x")
    assert attack.look("import json, os\nseen = os.path.exists('/tmp/seen')") is False


def test_hidden_inputs_do_not_come_back_through_output(attack):
    """Text printed while checks run is dropped, also where it claims to belong to a cell."""
    source = """
kernel = get_ipython().kernel
parent = kernel.get_parent()
def square(x):
    kernel.session.send(kernel.iopub_socket, "stream", {"name": "stdout", "text": f"leaked{x}"}, parent=parent)
    from IPython.display import display, HTML
    display(HTML(f"leaked{x}"))
    return x * x
"""
    report = attack.submit(source)
    assert_honest(report)
    assert "leaked" not in json.dumps(report)


def test_a_metric_gives_one_rounded_number(attack):
    report = attack.submit(HONEST, "model = 5")
    assert "metrics" not in next(check for check in report["checks"] if check["id"] == "accuracy")


def test_labels_stay_out_of_reach_of_a_model(attack):
    """`predict` asks the notebook for what cannot be rebuilt: its inputs cross, its labels do not."""
    definition = attack.variant(
        accuracy='p = predict("model", answers["x"])\nassert ((p[:, 0] > 0) == answers["y"]).mean() > 0.9'
    )
    source = """
seen = []
class Model:
    def predict(self, *given, **options):
        seen.extend(map(repr, (given, options)))
        return given[0][:, :1] - given[0][:, 1:]
model = Model()
"""
    report = attack.submit(HONEST, source, definition=definition)
    assert outcomes(report)["accuracy"] == "passed"


def test_the_data_set_inside_the_runtime_is_masked(attack):
    source = "from sklearn.datasets import load_digits\nload_digits()"
    report = attack.submit(source + "\n" + HONEST)
    assert report["verdict"] == "learner_error"
