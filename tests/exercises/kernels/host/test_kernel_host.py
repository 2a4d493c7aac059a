"""Kernels that stay, on the real jail: what a page sees of cells, stops, limits and ends."""

import hashlib
import json
import threading
import time
from uuid import uuid4

import pytest
from django.db import connections

from exercises.assignment.definition import Limits
from exercises.grading import zygotes
from exercises.kernels import journal, sessions
from exercises.kernels.commands import CellToRun, Complete, Interrupt, Restart, RunCells
from exercises.kernels.host.kernel_host import KernelHost, default_slots
from exercises.kernels.host.time_limits import TimeLimits
from exercises.kernels.session import CellRecord
from exercises.sandbox.run import Job, run
from learnpaths.core.redis import connection

pytestmark = [pytest.mark.jail, pytest.mark.django_db(transaction=True)]
ADD = ("add", "def add(a, b):\n    return a + b")
TWICE = ("twice", "twice = add(2, 2)")
FIT = """import keras, numpy as np
model = keras.Sequential([keras.layers.Input((2,)), keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(np.ones((8, 2)), np.ones(8), epochs=3, validation_split=0.5, verbose=0)"""


@pytest.fixture(scope="module")
def zygote_addresses():
    zygotes.zygote_of("tf-2.21")
    return zygotes.warm


@pytest.fixture
def start_host(zygote_addresses):
    """Start hosts in threads; all are stopped at the end."""
    started = []

    def start(*, slots=2, spared_seconds=60.0, **time_limits):
        time_limits = TimeLimits(**{"idle_seconds": 600.0, "cell_seconds": 120.0, **time_limits})
        host = KernelHost(
            slots=slots, time_limits=time_limits, zygote_addresses=zygote_addresses, spared_seconds=spared_seconds
        )
        thread = threading.Thread(target=host.serve)
        thread.start()
        started.append((host, thread))
        return host

    yield start
    for host, thread in started:
        host.stop()
        thread.join(30)
    connections.close_all()


class Page:
    """A learner's page: sends runs, and reads the journal as the stream of events does."""

    def __init__(self, exercise, user=1):
        self.exercise = exercise
        self.opening = sessions.Opening(
            user=user, exercise=exercise.slug, version=exercise.version.pk, runtime="tf-2.21", seed=5
        )
        self.key = self.opening.key
        self.checks = {check.id for check in exercise.version.parsed.checks}

    def send(self, *cells, kind="cells"):
        given = [
            (cell if isinstance(cell, tuple) else (f"scratch-{number}", cell)) for number, cell in enumerate(cells)
        ]
        run_id = str(uuid4())
        sent = tuple(
            CellToRun(id=cell, source=source, role="check" if cell in self.checks else "code") for cell, source in given
        )
        sessions.send(self.opening, RunCells(run=run_id, kind=kind, cells=sent, version=self.opening.version))
        return run_id

    def run(self, *cells, kind="cells"):
        """Run to the end and return the events of that run."""
        run_id = self.send(*cells, kind=kind)
        self.wait(lambda event: event.kind == "run" and event.data["run"] == run_id)
        return [event for event in journal.read(self.key) if event.data.get("run") == run_id]

    def wait(self, is_it, seconds=240):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if found := next(filter(is_it, journal.read(self.key)), None):
                return found
            time.sleep(0.02)
        raise AssertionError([(event.kind, event.data) for event in journal.read(self.key)][-8:])

    def wait_running(self, run_id):
        self.wait(
            lambda event: event.kind == "cell" and (event.data["run"], event.data["status"]) == (run_id, "running")
        )

    def wait_state(self, state):
        return self.wait(lambda event: event.kind == "kernel" and event.data["state"] == state).data

    def wait_end(self):
        return self.wait_state("ended")


@pytest.fixture
def page(exercise):
    return Page(exercise)


def outputs(events):
    return [event.data["output"] for event in events if event.kind == "output"]


def printed(events):
    return "".join(output.get("text", "") for output in outputs(events))


def statuses(events):
    return [event.data["status"] for event in events if event.kind == "cell"]


def checks(events):
    return {event.data["id"]: event.data["outcome"] for event in events if event.kind == "check"}


def test_it_works(page, start_host):
    start_host()
    events = page.run("print('hi')\n20 + 1", "1\n2 / 0", "never = 1")
    assert statuses(events) == ["queued"] * 3 + ["running", "ok", "running", "error", "skipped"]
    text, result, error = outputs(events)
    assert text == {"output_type": "stream", "name": "stdout", "text": "hi\n"}
    assert result["data"] == {"text/plain": "21"} and result["execution_count"] == 1
    assert (error["ename"], error["line"]) == ("ZeroDivisionError", 2)
    assert events[-1].data["status"] == "failed"
    state = sessions.state(page.key)
    digest = hashlib.sha256(b"1\n2 / 0").hexdigest()
    assert state.cells["scratch-1"] == CellRecord(count=2, digest=digest, status="error")
    assert printed(page.run("print(21)")) == "21\n"  # a second page, or tab, uses the same kernel
    assert sessions.state(page.key).state in ("idle", "busy")


def test_rich_outputs_and_training_arrive(page, start_host):
    start_host()
    source = "import pandas as pd, matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\npd.DataFrame({'a': [1]})"
    kinds = [set(output["data"]) for output in outputs(page.run(source))]
    assert kinds == [{"text/plain", "image/png"}, {"text/plain", "text/html"}]
    events = page.run(
        "from IPython.display import clear_output, display\nh = display(1, display_id=True)\nh.update(2)\nclear_output()\ndisplay(3)"
    )
    assert [output["output_type"] for output in outputs(events)] == ["clear_output", "display_data"]
    metrics = [event.data for event in page.run(FIT) if event.kind == "metrics"]
    assert [(each["fit"], each["epoch"], each["epochs"]) for each in metrics] == [(1, 1, 3), (1, 2, 3), (1, 3, 3)]
    assert metrics[0]["values"].keys() == {"loss", "val_loss"} and metrics[0]["cell"] == "scratch-0"


def test_a_loop_can_be_stopped_and_nothing_is_lost(page, start_host):
    start_host()
    page.run("kept = 7")
    first, second = page.send("while True: pass", "after = 1"), page.send("queued = 1")
    page.wait_running(first)
    sessions.send_to_host(page.key, Interrupt())
    page.wait(lambda event: event.kind == "run" and event.data["run"] == second and event.data["status"] == "stopped")
    end = page.wait(lambda event: event.kind == "run" and event.data["run"] == first)
    assert end.data["status"] == "stopped"
    assert printed(page.run("print(kept, 'queued' in globals())")) == "7 False\n"


def test_a_cell_that_does_not_obey_is_ended_with_its_kernel(page, start_host):
    start_host(obey_seconds=0.5)
    page.send("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('deaf')\nwhile True: pass")
    page.wait(lambda event: event.kind == "output")
    sessions.send_to_host(page.key, Interrupt())
    end = page.wait_end()
    assert end["reason"] == "interrupted" and "did not stop" in end["message"]
    assert printed(page.run("print(1)")) == "1\n"


def test_a_cell_has_a_time_and_its_names_survive_it(page, start_host):
    start_host(cell_seconds=1.0)
    events = page.run("done = 3\nwhile True: pass")
    assert statuses(events)[-1] == "interrupted" and "Stopped: a cell may run for 1 seconds" in printed(events)
    assert printed(page.run("print(done)")) == "3\n"


def test_restart_forgets_names_and_draws_the_same_numbers(page, start_host):
    start_host()
    draw = "import numpy as np\nprint(np.random.rand())"
    page.run("name = 1")
    first = printed(page.run(draw))
    sessions.send_to_host(page.key, Restart())
    page.wait(lambda event: event.kind == "kernel" and event.data["reason"] == "restarted")
    events = page.run(draw, "name")
    assert printed(events) == first
    assert outputs(events)[-1]["ename"] == "NameError"


def test_its_numbers_are_those_of_a_graded_run(page, start_host, zygote_addresses):
    start_host()
    draw = "import numpy as np, keras\nprint(np.random.rand(), float(keras.random.normal((1,))[0]))"
    graded = run(
        Job(cells=(("a", draw),), checks=(), seed=5, limits=Limits()),
        address=zygote_addresses()["tf-2.21"],
        on_event=lambda *_: None,
    )
    assert printed(page.run(draw)) == graded.cells["a"].output


def test_a_graded_run_is_not_watched(zygote_addresses):
    look = "from keras.callbacks import CallbackList\nprint(CallbackList._add_default_callbacks.__name__)"
    job = Job(cells=(("a", look), ("b", FIT)), checks=(), seed=5, limits=Limits())
    graded = run(job, address=zygote_addresses()["tf-2.21"], on_event=lambda *_: None)
    assert graded.ending == "completed" and graded.cells["a"].output == "_add_default_callbacks\n"


@pytest.mark.parametrize(
    ("source", "reason", "words"),
    [
        ("import os; os._exit(0)", "died", "ended by itself"),
        ("import ctypes; ctypes.string_at(0)", "died", "ended by itself"),
        ("x = []\nwhile True: x.append(bytearray(10**7))", "memory_limit", "The limit is 300 MiB"),
    ],
    ids=["exit", "crash", "memory"],
)  # fmt: skip
def test_every_end_has_a_reason_and_the_next_run_starts_anew(page, start_host, monkeypatch, source, reason, words):
    limits = Limits(wall_seconds=30, memory_bytes=300 * 2**20)
    monkeypatch.setattr("exercises.kernels.host.session_thread.SessionThread._limits", limits)
    start_host()
    events = page.run(source, "after = 1")
    assert statuses(events)[-2:] == ["interrupted", "skipped"] and events[-1].data["status"] == "failed"
    end = page.wait_end()
    assert end["reason"] == reason and words in end["message"] and "Run your cells again" in end["message"]
    assert printed(page.run("print(2)")) == "2\n"


def test_floods_are_cut_and_the_kernel_lives(page, start_host):
    start_host()
    for flood in ("print('x' * 100_000_000)", "for _ in range(20_000): print('x' * 1000)"):
        events = page.run(flood)
        assert "this cell is cut after 64 KiB" in printed(events) and len(printed(events)) < 70_000
        assert statuses(events)[-1] == "ok"
    picture = (
        "from IPython.display import Image, display\ndisplay(Image(data=b'\\x89PNG' + bytes(30_000_000), format='png'))"
    )
    events = page.run(picture)
    assert "A picture was left out: it may have 2 MiB" in printed(events) and statuses(events)[-1] == "ok"
    assert printed(page.run("print('alive')")) == "alive\n"


def test_a_learner_who_takes_the_courtesy_out_meets_the_host_s_caps(page, start_host):
    start_host()
    tamper = "kernel = get_ipython().kernel\nkernel.session.send = type(kernel.session).send.__get__(kernel.session)\n"
    events = page.run(tamper + "from IPython.display import display\ndisplay({'image/png': 'A' * 5_000_000}, raw=True)")
    assert "A picture was left out" in printed(events)
    page.run("for _ in range(400): display({'text/html': 'A' * 1_000_000}, raw=True)")
    assert page.wait_end()["reason"] == "output_limit"


def test_checks_run_on_the_live_kernel(page, start_host):
    start_host()
    starter = {cell.id: cell.starter for cell in page.exercise.version.parsed.solution_cells}
    assert checks(page.run(("imports", "import math"), *starter.items(), kind="check")) == {"adds": "unattempted"}
    wrong = page.run(("add", "def add(a, b):\n    return a - b"), TWICE, kind="check")
    assert checks(wrong) == {"adds": "failed"} and "adds-unseen" not in str([event.data for event in wrong])
    assert next(event.data for event in wrong if event.kind == "check")["message"] == "1 + 2 is 3."
    right = page.run(ADD, TWICE, kind="check")
    assert checks(right) == {"adds": "passed"} and right[-1].data["status"] == "finished"
    assert statuses(right).count("running") == 2  # what comes after a changed cell runs again too
    again = page.run(ADD, TWICE, kind="check")
    assert checks(again) == {"adds": "passed"} and statuses(again).count("running") == 0
    alone = page.run(("adds", ""))
    assert checks(alone) == {"adds": "passed"} and statuses(alone) == ["queued", "running", "ok"]


def test_a_check_that_hangs_can_be_stopped(page, start_host):
    start_host()
    run_id = page.send(("add", "def add(a, b):\n    while True: pass"), ("twice", "twice = 4"), kind="check")
    page.wait(lambda event: event.kind == "cell" and event.data["cell"] == "twice" and event.data["status"] == "ok")
    time.sleep(1)
    sessions.send_to_host(page.key, Interrupt())
    assert page.wait(lambda event: event.kind == "run" and event.data["run"] == run_id).data["status"] == "stopped"
    assert printed(page.run("print(twice)")) == "4\n"


def test_an_idle_kernel_is_ended(page, start_host):
    start_host(idle_seconds=0.2)
    page.run("1")
    end = page.wait_end()
    assert end["reason"] == "idle" and "Run your cells again" in end["message"] and end["cells"] == {}


def test_a_full_host_lets_others_wait_and_ends_the_longest_idle_kernel(page, exercise, start_host):
    start_host(slots=1, spared_seconds=0.0)
    busy = page.send("while True: pass")
    page.wait_running(busy)
    other = Page(exercise, user=2)
    run_id = other.send("print('second')")
    assert sessions.state(other.key).position == 1
    sessions.send_to_host(page.key, Interrupt())
    other.wait(lambda event: event.kind == "run" and event.data["run"] == run_id and event.data["status"] == "finished")
    assert page.wait_end()["reason"] in ("idle", "interrupted")  # or ended because it did not stop in time


def test_stopping_the_worker_says_so(page, start_host):
    host = start_host()
    run_id = page.send("while True: pass")
    page.wait_running(run_id)
    host.stop()
    end = page.wait_end()
    assert end["reason"] == "worker_stopped"
    assert page.wait(lambda event: event.kind == "run" and event.data["run"] == run_id).data["status"] == "failed"


def test_names_are_completed_while_idle_only(page, start_host):
    start_host()
    page.run("import numpy as np")
    page.wait_state("idle")

    def ask(code):
        reply = f"kernels:reply:{uuid4()}"
        sessions.send_to_host(page.key, Complete(code=code, cursor=len(code), reply=reply))
        _, answer = connection().blpop([reply], timeout=4)
        return [match["text"] for match in json.loads(answer).get("matches", [])]

    assert ask("np.linsp") == ["linspace"]
    page.wait_running(page.send("while True: pass"))
    assert ask("np.linsp") == []
    sessions.send_to_host(page.key, Interrupt())


def test_the_memory_of_the_machine_bounds_the_kernels():
    assert 2 <= default_slots() <= 16
