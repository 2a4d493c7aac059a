"""Resources: every way to use too much ends in the verdict that names the limit."""

import json
import textwrap

import pytest

from exercises.assignment.notebook_files import InvalidNotebook, learner_notebook, read_submission
from tests.exercises.attacks.conftest import assert_ended, assert_honest, outcomes, output
from tests.exercises.attacks.exercise import HONEST

pytestmark = [pytest.mark.jail, pytest.mark.timeout(240), pytest.mark.usefixtures("next_learner")]


def code(text: str) -> str:
    return textwrap.dedent(text).strip()


TIME = {
    "busy loop": "while True: pass",
    "sleep": "import time\ntime.sleep(1000)",
    "ignored signals": """
        import signal
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGXCPU, signal.SIGHUP, signal.SIGALRM):
            signal.signal(number, signal.SIG_IGN)
        while True: pass""",
    "swallowed interrupts": """
        while True:
            try:
                while True: pass
            except BaseException: pass""",
    "native code that never returns": "import ctypes\nctypes.CDLL(None).pause()",
    "a loop of a regular expression": "import re\nre.match('(a+)+$', 'a' * 64 + 'b')",
    "a cell that awaits for ever": "import asyncio\nawait asyncio.sleep(1000)",
    "children that burn while it sleeps": """
        import os, time
        for _ in range(2):
            if os.fork() == 0:
                while True: pass
        time.sleep(1000)""",
}


@pytest.mark.parametrize("source", TIME.values(), ids=TIME.keys())
def test_time_is_limited(attack, source):
    assert_ended(attack.submit(code(source), wall_seconds=2), "time_limit")


def test_processor_time_is_limited_before_wall_time(attack):
    report = attack.submit("while True: pass", cpu_seconds=1, wall_seconds=90)
    assert_ended(report, "time_limit")
    assert report["limit"] == "cpu_seconds"


def test_processor_time_of_children_that_have_ended_counts(attack):
    source = """
        import os
        while True:
            if os.fork() == 0:
                import time
                end = time.process_time() + 0.4
                while time.process_time() < end: pass
                os._exit(0)
            os.wait()"""
    report = attack.submit(code(source), cpu_seconds=2, wall_seconds=90)
    assert_ended(report, "time_limit")
    assert report["limit"] == "cpu_seconds"


def test_processor_time_of_children_that_nobody_reaps_counts(attack):
    source = """
        import os, signal, time
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries them, and adds their time to nobody's
        while True:
            if os.fork() == 0:
                end = time.process_time() + 0.3
                while time.process_time() < end: pass
                os._exit(0)
            time.sleep(0.3)"""
    report = attack.submit(code(source), cpu_seconds=2, wall_seconds=90)
    assert_ended(report, "time_limit")
    assert report["limit"] == "cpu_seconds"


def test_a_check_that_a_learner_slows_down_is_limited(attack):
    report = attack.submit("import time\ndef square(x):\n    time.sleep(1000)", wall_seconds=3)
    assert_ended(report, "time_limit")
    assert outcomes(report)["unseen"] == "not_run"


def test_an_iterator_without_end_is_limited(attack):
    definition = attack.variant(small="assert sum(1 for _ in learner.numbers) == 9")
    source = f"import itertools\nnumbers = itertools.count()\n{HONEST}"
    assert_ended(attack.submit(source, definition=definition, wall_seconds=3), "time_limit")


TOUCH = "for at in range(0, len(memory), 4096): memory[at] = 1\n"
MEMORY = {
    "bytearray": f"memory = bytearray(600 << 20)\n{TOUCH}",
    "many small objects": "memory = [str(n) * 10 for n in range(8_000_000)]",
    "array": "import numpy as np\nmemory = np.ones((600, 1 << 17))",
    "tensor": "import tensorflow as tf\nmemory = [tf.random.uniform((64 << 18,)) for _ in range(10)]",
    "endless urandom": "memory = open('/dev/urandom', 'rb').read(600 << 20)",
    "shared mapping": f"import mmap\nmemory = mmap.mmap(-1, 600 << 20)\n{TOUCH}",
    "not dumpable": f"import ctypes\nctypes.CDLL(None).prctl(4, 0, 0, 0, 0)\nmemory = bytearray(600 << 20)\n{TOUCH}",
    "shared with a child": f"""
        import os, time
        kept = []
        for _ in range(6):
            memory = bytearray(100 << 20)
            {TOUCH.strip()}
            kept.append(memory)
            if os.fork() == 0:
                time.sleep(8)
                os._exit(0)""",
    "children of the size of the zygote": """
        import os, subprocess, sys
        own = int(open("/proc/self/status").read().partition("RssAnon:")[2].split()[0])
        program = f"m = bytearray({own - 3000} << 10)\\nfor i in range(0, len(m), 4096): m[i] = 1\\nimport time; time.sleep(8)"
        children = [subprocess.Popen([sys.executable, "-S", "-c", program]) for _ in range(3)]""",
    "memfd": """
        import os
        kept = []
        for _ in range(30):
            kept.append(os.memfd_create("m"))
            os.write(kept[-1], bytes(20 << 20))""",
    "System V": """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        libc.shmat.restype = ctypes.c_void_p
        for _ in range(6):
            number = libc.shmget(0, ctypes.c_size_t(100 << 20), 0o1600)
            if number < 0: raise MemoryError("refused")
            at = libc.shmat(number, None, 0)
            ctypes.memset(at, 1, 100 << 20)
            libc.shmdt(ctypes.c_void_p(at))""",
    "a little over the limit": f"memory = bytearray(330 << 20)\n{TOUCH}",
    "page tables": """
        import mmap
        memory = mmap.mmap(-1, 1 << 40, 0x4022, mmap.PROT_READ)  # private, anonymous, not reserved
        for at in range(0, 1 << 40, 1 << 21): memory[at]""",
    "shared pages that are unmapped again": f"""
        import ctypes, mmap
        memory = mmap.mmap(-1, 600 << 20, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)
        {TOUCH.strip()}
        memory.madvise(mmap.MADV_DONTNEED)""",
    "shared pages of a device": f"""
        import mmap
        memory = mmap.mmap(open("/dev/zero", "r+b").fileno(), 600 << 20)
        {TOUCH.strip()}""",
    "pages in pipes": """
        import ctypes, os
        libc = ctypes.CDLL(None, use_errno=True)
        class Span(ctypes.Structure): _fields_ = [("base", ctypes.c_void_p), ("size", ctypes.c_size_t)]
        kept = []
        for _ in range(400):
            page = ctypes.create_string_buffer(1 << 16)
            kept.append(os.pipe())
            if libc.vmsplice(kept[-1][1], ctypes.byref(Span(ctypes.addressof(page), 1 << 16)), 1, 2) < 0:
                raise OSError(ctypes.get_errno(), "refused")""",
    "data in sockets": """
        import socket
        kept = []
        for _ in range(480):
            kept += socket.socketpair()
            for end in kept[-2:]:
                end.setblocking(False)
                end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
                try:
                    while True: end.send(bytes(1 << 16))
                except BlockingIOError: pass""",
    "files that are watched": """
        import os, select, time
        for _ in range(12):
            if os.fork() == 0:
                files = [os.dup(0) for _ in range(8)] + [os.eventfd(0) for _ in range(440)]
                sets = [select.epoll() for _ in range(440)]
                for each in sets:
                    for file in files[8:]: each.register(file)
                time.sleep(60)
        time.sleep(60)""",
    "semaphores of System V": """
        import ctypes
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.semget(0, 32000, 0o1600) < 0: raise OSError(ctypes.get_errno(), "refused")""",
    "hidden under another name": f"""
        open("/proc/self/comm", "w").write("RssAnon: 0 kB")
        memory = bytearray(600 << 20)
        {TOUCH.strip()}""",
}


@pytest.mark.parametrize("source", MEMORY.values(), ids=MEMORY.keys())
def test_memory_is_limited(attack, source):
    with attack.beside():
        report = attack.submit(f"{code(source)}\nimport time\ntime.sleep(3)\n{HONEST}")
    assert_ended(report, "memory_limit", "learner_error")  # calls that make memory which nobody can count are refused


def test_memory_grown_while_the_examiner_works_is_limited(attack):
    source = f"""
        import threading, time
        def square(x):
            if x == 3:
                global memory
                memory = bytearray(600 << 20)
                {TOUCH.strip()}
                time.sleep(2)
            return x * x"""
    assert_ended(attack.submit(code(source)), "memory_limit")


STACK = {
    "recursion": ("def down(n): return down(n + 1)\ndown(0)", "learner_error"),
    "recursion without the limit": (
        "import sys\nsys.setrecursionlimit(10**9)\ndef down(n): return [down(n + 1)]\nrepr(down(0))", "kernel_died",
    ),
    "segmentation fault": ("import ctypes\nctypes.string_at(0)", "kernel_died"),
    "abort": ("import os\nos.abort()", "kernel_died"),
    "deeply nested repr": ("x = []\nfor _ in range(100000): x = [x]\nx", "learner_error"),
    "parse bomb": ("x = " + "(" * 5000 + ")" * 5000, "learner_error"),
    "deep expression": ("x = " + "-" * 200_000 + "1", "learner_error"),
    "a number without end": ("x = 9**9**9", "time_limit"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "verdict"), STACK.values(), ids=STACK.keys())
def test_the_stack_and_the_parser(attack, source, verdict):
    report = attack.submit(source, wall_seconds=5 if verdict == "time_limit" else 60)
    # Seen on a machine with ten times too much to do: the kernel takes longer than a minute to show a RecursionError
    assert_ended(report, verdict, "memory_limit", *(["time_limit"] if "down(n" in source else []))


def test_a_huge_source_runs_or_fails_but_ends(attack):
    assert_honest(attack.submit(f"x = 0\n{'x = x + 1' + chr(10)}" * 20_000 + HONEST))


ENDLESS = {
    "standard output": "while True: print('x' * 1000)",
    "standard error": "import sys\nwhile True: sys.stderr.write('x' * 1000)",
    "display data": "from IPython.display import display, HTML\nwhile True: display(HTML('x' * 1000))",
    "another descriptor": "import os\nwhile True: os.write(1, b'x' * 1000)",
    "a child's output": "import subprocess\nsubprocess.run(['yes'])",
    "clear and print": "from IPython.display import clear_output\nwhile True:\n    clear_output()\n    print('x' * 1000)",
    "from a thread": "import threading\nendless = threading.Thread(target=lambda: [print('x' * 1000) for _ in range(10**9)])\nendless.start()\nendless.join()",
    "while looping": "import itertools\nfor n in itertools.count():\n    if n % 100 == 0: print(n, 'x' * 1000)",
    "without our courtesy": """
import ipykernel.iostream, jupyter_client.session
session = get_ipython().kernel.session
session.send = jupyter_client.session.Session.send.__get__(session)
while True: session.send(get_ipython().kernel.iopub_socket, "stream", {"name": "stdout", "text": "x" * 100_000}, parent=get_ipython().parent_header)""",
}


@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS.keys())
def test_endless_output_ends_by_cpu_time_or_by_its_size(attack, source):
    report = attack.submit(f"{HONEST}\n{source}", memory_bytes=1 << 30, cpu_seconds=4)
    assert_ended(report, "output_limit", "time_limit")
    assert len(output(report)) <= 65 * 2**10


MUCH = {
    "one long line": "print('x' * 2_000_000)",
    "giant repr": "'x' * 100_000_000",
    "100 MB picture": "from IPython.display import Image, display\ndisplay(Image(b'\\x89PNG' + bytes(90_000_000), format='png'))",
}


@pytest.mark.parametrize("source", MUCH.values(), ids=MUCH.keys())
def test_much_output_is_cut_and_costs_nothing(attack, source):
    report = attack.submit(f"{HONEST}\n{source}", memory_bytes=1 << 30)
    assert_honest(report)
    assert len(output(report)) <= 65 * 2**10


def test_output_of_one_cell_is_cut_and_says_so(attack):
    report = attack.submit(f"print('x' * 20_000)\n{HONEST}", output_bytes_per_cell=10_240)
    assert_honest(report)
    assert len(output(report)) < 10_400
    assert "10 KiB" in output(report)[-100:]


@pytest.mark.parametrize("size", [200_000, 5_000_000])
def test_a_traceback_is_cut(attack, size):
    report = attack.submit(f"raise ValueError('x' * {size})")
    assert_ended(report, "learner_error")


PROCESSES = {
    "fork bomb": """
        import os, time
        while True:
            if os.fork() == 0: time.sleep(60)""",
    "fork bomb that swallows": """
        import os, time
        while True:
            try: os.fork()
            except OSError: time.sleep(0.1)""",
    "thread bomb": """
        import threading, time
        while True: threading.Thread(target=time.sleep, args=(60,)).start()""",
    "thread bomb that swallows": """
        import threading, time
        while True:
            try: threading.Thread(target=time.sleep, args=(60,)).start()
            except RuntimeError: time.sleep(0.1)""",
    "double forks": """
        import os, time
        while True:
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0: time.sleep(60)
                os._exit(0)
            os.wait()""",
}


@pytest.mark.parametrize("source", PROCESSES.values(), ids=PROCESSES.keys())
def test_processes_are_limited(attack, source):
    with attack.beside():
        # A fork takes its time on a busy machine, and page tables of its own
        report = attack.submit(code(source), wall_seconds=60, processes=16, memory_bytes=1 << 30)
    assert_ended(
        report, "process_limit", "time_limit"
    )  # the latter where a busy machine forks a hundred times in a minute


DISK = {
    "one huge file": "open('huge', 'wb').write(bytes(40 << 20))",
    "shared memory": "open('/dev/shm/huge', 'wb').write(bytes(40 << 20))",
    "many files": "for n in range(10**6): open(f'/tmp/{n}', 'wb').write(bytes(8192))",
    "inodes": "for n in range(10**6): open(f'/tmp/{n}', 'wb')",
    "folders": "import os\nfor n in range(10**6): os.mkdir(f'/tmp/{n}')",
    "a chain of folders": "import os\nfor n in range(10**6):\n    os.mkdir('d')\n    os.chdir('d')",
    "several large files": "for n in range(8): open(f'/tmp/{n}', 'wb').write(bytes(8 << 20))",
    "swallowed": """
        import time
        while True:
            try: open('huge', 'ab').write(bytes(1 << 20))
            except OSError: time.sleep(0.1)""",
}


@pytest.mark.parametrize("source", DISK.values(), ids=DISK.keys())
def test_disk_is_limited(attack, source):
    assert_ended(attack.submit(f"{code(source)}\n{HONEST}", wall_seconds=10), "disk_limit")


def test_a_file_cannot_claim_to_be_larger_than_the_disk(attack):
    report = attack.submit(f"open('/tmp/sparse', 'wb').truncate(1 << 40)\n{HONEST}")
    assert_ended(report, "learner_error")
    assert "too large" in report["cells"][1]["error"]["message"]


def test_descriptors_are_limited(attack):
    assert_ended(attack.submit("kept = [open('/dev/null') for _ in range(5000)]"), "learner_error")


def test_descriptors_in_flight_do_not_stop_others(attack):
    """The kernel counts descriptors in flight per user id, and all jails have the same one."""
    source = """
        import socket, time
        pairs = []
        try:
            while True:
                pairs.append(socket.socketpair())
                socket.send_fds(pairs[-1][0], [b"x"], [0] * 250)
        except OSError: pass
        time.sleep(4)"""
    with attack.beside():
        assert_honest(attack.submit(f"{code(source)}\n{HONEST}"))


def test_pipe_buffers_do_not_stop_others(attack):
    source = """
        import fcntl, os, time
        kept = []
        try:
            while True:
                kept.append(os.pipe())
                fcntl.fcntl(kept[-1][1], 1031, 1 << 20)
        except OSError: pass
        time.sleep(3)"""
    with attack.beside():
        report = attack.submit(f"{code(source)}\n{HONEST}")
    assert_ended(report, "passed", "learner_error", points=None)


UPLOADS = {
    "100,000 cells": json.dumps({"nbformat": 4, "metadata": {}, "cells": [{"cell_type": "code"}] * 50_000}).encode(),
    "too many bytes": b" " * (2**24 + 1),
    "deeply nested": b'{"cells":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "a zip file": b"PK\x03\x04" + bytes(1000),
    "a number of a million digits": b'{"nbformat": 4, "cells": [], "x": ' + b"9" * 1_000_000 + b"}",
    "not UTF-8": b"\xff\xfe{}",
    "nothing": b"",
}


@pytest.mark.parametrize("raw", UPLOADS.values(), ids=UPLOADS.keys())
def test_an_upload_bomb_is_an_invalid_notebook(arena, raw):
    with pytest.raises(InvalidNotebook):
        read_submission(raw, arena.definition)


def test_a_good_upload_is_read(arena):
    raw = json.dumps(learner_notebook(arena.definition, {"first": HONEST})).encode()
    assert read_submission(raw, arena.definition).sources["first"] == HONEST
