"""Persistence: nothing survives a run; the fixture lets the next learner look."""

import textwrap

import pytest

from tests.exercises.attacks.conftest import assert_honest
from tests.exercises.attacks.exercise import HONEST

pytestmark = [pytest.mark.jail, pytest.mark.timeout(120), pytest.mark.usefixtures("next_learner")]

ATTEMPTS = {
    "double fork and setsid": """
        import os, time
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                while True: time.sleep(1)
            os._exit(0)
        os.wait()""",
    "a child without a signal at its parent's death": """
        import ctypes, os, signal, time
        ctypes.CDLL(None).prctl(1, 0, 0, 0, 0)
        if os.fork() == 0:
            os.setsid()
            for number in range(1, 32):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            while True: time.sleep(1)""",
    "a program in the background": """
        import subprocess
        subprocess.Popen(["sleep", "1000"], start_new_session=True)""",
    "nohup from a shell": "get_ipython().system('nohup sleep 1000 >/dev/null 2>&1 &')",
    "a thread that does not end": """
        import threading, time
        threading.Thread(target=lambda: [time.sleep(1) for _ in range(1000)], daemon=False).start()""",
    "files everywhere": """
        import os, pathlib
        for folder in ("/tmp", "/var/tmp", "/dev/shm", "/run", "/tmp/home/.keras", "/tmp/home/.ipython/profile_default/startup",
                       "/tmp/home/.matplotlib", "/tmp/home/.cache", "/root", "/data", "/", "/dev"):
            try:
                pathlib.Path(folder).mkdir(parents=True, exist_ok=True)
                (pathlib.Path(folder) / "left_behind.py").write_text("raise SystemExit")
            except OSError: pass""",
    "sitecustomize and .pth": """
        import os, site, sys
        for folder in [*sys.path, *site.getsitepackages(), site.getusersitepackages()]:
            for name in ("sitecustomize.py", "usercustomize.py", "left_behind.pth"):
                try:
                    os.makedirs(folder, exist_ok=True)
                    open(os.path.join(folder, name), "w").write("import left_behind")
                except OSError: pass""",
    "a poisoned configuration of Keras": """
        import os
        os.makedirs("/tmp/home/.keras", exist_ok=True)
        open("/tmp/home/.keras/keras.json", "w").write('{"floatx": "float16", "backend": "evil"}')""",
    "poisoned byte code": """
        import os, exercises.runner as runner
        folder = os.path.dirname(runner.__file__)
        for name in ("wire", "examiner", "served"):
            try:
                os.makedirs(folder + "/__pycache__", exist_ok=True)
                open(f"{folder}/__pycache__/{name}.cpython-311.pyc", "wb").write(b"evil")
            except OSError: pass""",
    "poisoned modules in memory": """
        import numpy, keras, exercises.runner.wire as wire
        numpy.array = keras.Sequential = wire.encode = None""",
    "exit handlers": """
        import atexit, time
        atexit.register(lambda: time.sleep(1000))
        atexit.register(lambda: open("/tmp/left_behind", "w").write("x"))""",
    "a finalizer that holds": """
        import time
        class Clinging:
            def __del__(self):
                time.sleep(1000)
        clinging = Clinging()""",
    "a stopped child": """
        import os, signal, time
        child = os.fork()
        if child == 0:
            os.kill(os.getpid(), signal.SIGSTOP)
        time.sleep(0.2)""",
    "a changed clock and seed of hashing": """
        import os
        os.environ["PYTHONHASHSEED"] = "7"
        os.environ["LD_PRELOAD"] = "/tmp/evil.so" """,
    "shared memory segments": """
        import ctypes
        ctypes.CDLL(None).shmget(0x1234, ctypes.c_size_t(4096), 0o1666)
        from multiprocessing import shared_memory
        kept = shared_memory.SharedMemory(name="left_behind", create=True, size=4096)""",
    "a lock on a shared file": """
        import fcntl, numpy
        kept = open(numpy.__file__)
        try: fcntl.flock(kept, fcntl.LOCK_EX)
        except OSError: pass""",
}


@pytest.mark.parametrize("source", ATTEMPTS.values(), ids=ATTEMPTS.keys())
def test_nothing_stays(attack, source):
    source = textwrap.dedent(source)
    report = attack.submit(f"{source}\n{HONEST}", wall_seconds=10)
    assert report["points"] in (0, 5), report  # a notebook that breaks its own kernel has only itself to blame


def test_the_next_learner_meets_its_own_shared_memory_and_semaphores(attack):
    attack.submit(f"import ctypes\nctypes.CDLL(None).shmget(0x1234, ctypes.c_size_t(4096), 0o1666)\n{HONEST}")
    seen = attack.look("import ctypes, json\nseen = ctypes.CDLL(None).shmget(0x1234, ctypes.c_size_t(4096), 0o666)")
    assert seen == -1


def test_many_learners_in_a_row_start_alike(attack):
    for _ in range(3):
        assert_honest(attack.submit(f"open('left', 'w').write('x')\n{HONEST}"))
        attack.assert_unharmed()
