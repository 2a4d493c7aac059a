"""Examiner: an educator's check is a stranger's code too; it reaches its own held-out data and nothing else."""

import hashlib
from dataclasses import replace

import pytest
from django.conf import settings

from exercises.assignment import datasets
from exercises.sandbox.errors import SandboxError
from tests.exercises.attacks.conftest import assert_ended, assert_honest, message, outcomes
from tests.exercises.attacks.exercise import HONEST
from tests.exercises.attacks.test_escape import POWERS, SECRETS, WRITES
from tests.exercises.attacks.test_network import TARGETS

pytestmark = [pytest.mark.jail, pytest.mark.timeout(240), pytest.mark.usefixtures("next_learner")]

ATTEMPTS = {
    **{f"sees {name}": action for name, action in SECRETS.items() if "ZYGOTE" not in action},
    **{f"writes {name}": action for name, action in WRITES.items()},
    **{f"has {name}": action for name, action in POWERS.items()},
    **{f"reaches {name}": action for name, action in TARGETS.items()},
    "sees another's labels": "open('/data/other/held_out/labels.npz')",
    "is given another's labels": "held_out('other', 'labels.npz')",
    "climbs to another's labels": "held_out('toy', '../../other/held_out/labels.npz')",
    "kills another process": "os.kill(2, 9)",
    "kills its supervisor": "os.kill(os.getppid() or 10**6, 9)",
}


@pytest.fixture(scope="module")
def examined(arena):
    """One run with a check for each attempt, which fails where the attempt succeeds."""
    code = "import os, socket\ntry: eval({!r})\nexcept BaseException: pass\nelse: raise AssertionError('done')"
    definition = arena.checking({name: code.format(action) for name, action in ATTEMPTS.items()})
    return arena.submit(HONEST, definition=replace(definition, pass_percent=1))


@pytest.mark.parametrize("case", ATTEMPTS)
def test_a_check_is_jailed_like_a_learner(arena, examined, case):
    assert outcomes(examined)[case] == "passed", message(examined, case)


LOOKS = {
    "its files are its own held-out data": (
        "import os\nseen = [os.path.join(a, n) for a, _, ns in os.walk('/tmp') for n in ns]\n"
        "assert seen == ['/tmp/held_out/0-labels.npz'], seen"
    ),
    "its environment has nothing of ours": (
        "import os\nbad = [n for n in os.environ if n.startswith(('LEARNPATHS', 'DJANGO', 'DATABASE', 'REDIS', 'SECRET'))]\n"
        "assert bad == [], bad"
    ),
    "it sees only its own process": "import os\nseen = [n for n in os.listdir('/proc') if n.isdigit()]\nassert seen == ['1'], seen",
    "it holds no capability": (
        "status = open('/proc/self/status').read()\nassert 'CapEff:\\t' + '0' * 16 in status and 'CapBnd:\\t' + '0' * 16 in status\n"
        "assert 'Seccomp:\\t2' in status and 'NoNewPrivs:\\t1' in status"
    ),
    "its descriptors are harmless": (
        "import os\nseen = []\nfor n in os.listdir('/proc/self/fd'):\n    try: seen.append(os.readlink('/proc/self/fd/' + n))\n"
        "    except OSError: pass\nbad = [t for t in seen if not t.startswith(('socket:', 'pipe:', 'anon_inode:', '/dev/null'))]\n"
        "assert bad == [], bad"
    ),
}


def test_a_check_sees_its_own_world_only(attack):
    report = attack.submit(HONEST, definition=attack.checking(LOOKS))
    assert_ended(report, "passed", points=len(LOOKS))


SILENT_SOCKETS = """
import os, socket, stat
worker = [int(n) for n in os.listdir('/proc/self/fd') if stat.S_ISSOCK(os.stat('/proc/self/fd/' + n).st_mode)]
"""
FAULTS = {
    "ends its process": "import os\nos._exit(0)",
    "crashes": "import ctypes\nctypes.string_at(0)",
    "hangs up": f"{SILENT_SOCKETS}\nfor fd in worker: os.close(fd)",
    "sends what is no frame": f"{SILENT_SOCKETS}\nfor fd in worker: os.write(fd, b'\\xff' * 64)",
    "sends what is no JSON": f"{SILENT_SOCKETS}\nfor fd in worker: os.write(fd, b'\\0\\0\\0\\4{{{{{{{{')",
    "sends a list": f"{SILENT_SOCKETS}\nfor fd in worker: os.write(fd, b'\\0\\0\\0\\2[]')",
    "sends a number": f"{SILENT_SOCKETS}\nfor fd in worker: os.write(fd, b'\\0\\0\\0\\0015')",
    "sends levels without end": f"{SILENT_SOCKETS}\nfor fd in worker: os.write(fd, (60000).to_bytes(4, 'big') + b'[' * 60000)",
    "sends sizes that are none": (
        f'{SILENT_SOCKETS}\ntext = b\'{{"event": "done", "buffers": [-5, "x"]}}\'\n'
        "for fd in worker: os.write(fd, len(text).to_bytes(4, 'big') + text)"
    ),
    "answers for a check that it was not given": (
        f'{SILENT_SOCKETS}\ntext = b\'{{"event": "check", "id": "unseen", "outcome": "passed", "message": ""}}\'\n'
        "for fd in worker: os.write(fd, len(text).to_bytes(4, 'big') + text)"
    ),
    "gives metrics that are none": (
        f'{SILENT_SOCKETS}\ntext = b\'{{"event": "check", "id": "only", "outcome": "passed", "metrics": [{{"name": {{}}, "value": [1]}}]}}\'\n'
        "for fd in worker: os.write(fd, len(text).to_bytes(4, 'big') + text)"
    ),
    "forks without end": "import os, time\nwhile True:\n    if os.fork() == 0: time.sleep(60)",
    "fills its disk": "import time\nopen('/tmp/huge', 'wb').write(bytes(31 << 20))\nopen('/tmp/more', 'wb').write(bytes(2 << 20))",
}


@pytest.mark.parametrize("source", FAULTS.values(), ids=FAULTS.keys())
def test_a_check_that_attacks_the_worker_is_a_fault_with_a_name(attack, source):
    """The author's fault, not the learner's: it costs no attempt. The worker gets an error of ours and nothing else."""
    try:
        report = attack.submit(HONEST, definition=attack.checking({"only": source}), processes=16)
    except SandboxError as error:
        assert str(error)
    else:
        assert_ended(report, "failed", "time_limit")  # the latter where a busy machine is slow to fork


LIMITED = {
    "never ends": ("while True: pass", "time_limit"),
    "never ends and swallows": ("while True:\n    try:\n        while True: pass\n    except BaseException: pass", "time_limit"),
    "sleeps": ("import time\ntime.sleep(1000)", "time_limit"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "verdict"), LIMITED.values(), ids=LIMITED.keys())
def test_a_check_has_the_limits_of_a_learner(attack, source, verdict):
    wall_seconds = 3 if verdict == "time_limit" else 60
    report = attack.submit(HONEST, definition=attack.checking({"only": source}), wall_seconds=wall_seconds)
    assert_ended(report, verdict)


TAKES_ALL = "kept = bytearray(600 << 20)\nfor at in range(0, len(kept), 4096): kept[at] = 1\nimport time\ntime.sleep(2)"


def test_a_check_that_takes_all_memory_by_itself_is_a_fault_with_a_name(attack):
    with pytest.raises(SandboxError, match="memory_limit"):
        attack.submit(HONEST, definition=attack.checking({"only": TAKES_ALL}), wall_seconds=60)


def test_one_that_takes_all_memory_with_what_the_learner_gave_fails(attack):
    checks = {"before": "assert square(3) == 9", "only": f"square(2)\n{TAKES_ALL}", "after": "assert square(4) == 16"}
    report = attack.submit(HONEST, definition=attack.checking(checks), wall_seconds=60)
    assert_ended(report, "failed", points=2)
    assert outcomes(report) == {"before": "passed", "only": "failed", "after": "passed"}
    assert "the examiner ran out of memory" in message(report, "only")


LEFT = """
import os, sys, numpy
open('/tmp/left', 'w').write('x')
open('/dev/shm/left', 'w').write('x')
numpy.left = 1
if os.fork() == 0:
    os.setsid()
    import time
    time.sleep(1000)
"""
FOUND = """
import os, numpy
assert not os.path.exists('/tmp/left') and not os.path.exists('/dev/shm/left') and not hasattr(numpy, 'left')
assert [n for n in os.listdir('/proc') if n.isdigit()] == ['1']
"""


def test_nothing_of_an_examiner_stays_for_the_next(attack):
    attack.submit(HONEST, definition=attack.checking({"only": LEFT}))
    assert_ended(attack.submit(HONEST, definition=attack.checking({"only": FOUND})), "passed", points=1)


def test_what_a_check_prints_goes_nowhere(attack):
    noise = "import os, sys\nprint('noise'); sys.stderr.write('noise')\nfor fd in (1, 2): os.write(fd, b'noise')"
    report = attack.submit(HONEST, definition=attack.checking({"only": noise}))
    assert_ended(report, "passed", points=1)
    assert "noise" not in str(report["cells"])


def test_a_link_among_held_out_files_is_not_followed(arena, tmp_path):
    """A content root may come from an educator's repository; a link in it would show the examiner a file of the host."""
    folder = tmp_path / "data" / "toy" / "held_out"
    folder.mkdir(parents=True)
    secret = tmp_path / "secret"
    secret.write_text("of the host")
    (folder / "labels.npz").symlink_to(secret)
    digest = hashlib.sha256(secret.read_bytes()).hexdigest()
    definition = replace(arena.definition, data={"toy/held_out/labels.npz": digest})
    with pytest.raises(datasets.WrongData):
        datasets.held_out_files([tmp_path], definition)


def test_its_own_held_out_data_is_still_there(attack):
    assert settings.CONTENT_DIRS
    assert_honest(attack.submit(HONEST))
