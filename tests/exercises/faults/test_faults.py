"""Each part dies at each phase of a submission; the submission ends in the right typed verdict all the same, once.

The clock of a site is beat; here the tests call what it calls, and a worker is taken for dead sooner than in earnest.
"""

import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.utils import timezone

from exercises import tasks
from exercises.grading import claims, events
from exercises.models import State, Submission
from exercises.sandbox import process_tree
from learnpaths.core.redis import connection as client
from learnpaths.progress.models import StepProgress
from tests.exercises.faults.conftest import kill, pause
from tests.exercises.worker_processes import answers, has_begun, is_finished, wait_until
from tests.serving.running import still_alive

pytestmark = pytest.mark.jail
SLOW_CELL = answers(6)
SLOW_CHECK = {"add": "import time\ndef add(a, b):\n    time.sleep(3)\n    return a + b", "twice": "twice = 4"}
SILENCE = timedelta(seconds=6)


# --- phases: each yields while the submission is in it ---


@contextmanager
def queued(submit, worker, bob) -> Iterator[Submission]:
    blocker = submit(SLOW_CELL, user=bob)
    wait_until(lambda: has_begun(blocker))
    yield submit()


@contextmanager
def starting(submit, worker, bob) -> Iterator[Submission]:
    wait_until(lambda: len(process_tree.list_children(worker.zygote)) >= 2)
    spares = process_tree.list_children(worker.zygote)
    for pid in spares:
        os.kill(pid, signal.SIGSTOP)  # whoever asks for a jail now waits for it
    row = submit()
    wait_until(lambda: "started" in kinds(row))
    pause()
    try:
        yield row
    finally:
        for pid in spares:
            with_suppressed(os.kill, pid, signal.SIGCONT)


@contextmanager
def running(submit, worker, bob) -> Iterator[Submission]:
    row = submit(SLOW_CELL)
    wait_until(lambda: has_begun(row))
    pause()
    yield row


@contextmanager
def checking(submit, worker, bob) -> Iterator[Submission]:
    row = submit(SLOW_CHECK)
    wait_until(lambda: [event.data.get("status") for event in events.read(row.id)].count("ok") == 3)
    pause()
    yield row


@contextmanager
def finishing(submit, worker, bob) -> Iterator[Submission]:
    row = submit(answers(1))
    wait_until(lambda: has_begun(row))
    with transaction.atomic():  # on SQLite this alone keeps every other writer waiting
        Submission.objects.select_for_update().get(id=row.id)
        wait_until(lambda: kinds(row).count("check") == 2)
        pause()
        yield row


PHASES = {each.__name__: each for each in (queued, starting, running, checking, finishing)}


# --- parts: what is done to them ---


def pool_child(worker, own_broker):
    kill(worker.pool()[0])


def zygote(worker, own_broker):
    kill(worker.zygote)


def kernel(worker, own_broker):
    jails = list(leased(worker.zygote))
    kill(max(jails, key=threads) if jails else process_tree.list_children(worker.zygote)[0])


def examiner(worker, own_broker):
    jails = list(leased(worker.zygote))
    assert len(jails) == 2
    kill(min(jails, key=threads))


def broker(worker, own_broker):
    own_broker.kill()
    pause()
    own_broker.start()


def disk(worker, own_broker):
    """No process of the worker can write to a file for a while: what a full disk does to it."""
    processes = [worker.pid, *worker.pool()]
    limits = {pid: resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in processes}
    for pid, (_, hard) in limits.items():
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
    yield
    time.sleep(1.5)
    for pid, limit in limits.items():
        with_suppressed(resource.prlimit, pid, resource.RLIMIT_FSIZE, limit)


def database(worker, own_broker):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def with_suppressed(call, *arguments):
    with suppress(ProcessLookupError):
        call(*arguments)


def leased(zygote_pid):
    """The first processes of the jails in use: those have moved from / to their work folder."""
    for supervisor in process_tree.list_children(zygote_pid):
        for pid in process_tree.list_children(supervisor):
            try:
                if Path(f"/proc/{pid}/cwd").readlink().name == "work":
                    yield pid
            except OSError:
                continue


def threads(pid):
    """A kernel has several, an examiner few."""
    try:
        return len(list(Path(f"/proc/{pid}/task").iterdir()))
    except OSError:
        return 0


def kinds(row):
    return [event.kind for event in events.read(row.id)]


def settle(row):
    """Play the clock until the submission is finished."""

    def look():
        now = timezone.now()
        Submission.objects.running().filter(heartbeat_at__lt=now - SILENCE).update(heartbeat_at=now - 9 * SILENCE)
        Submission.objects.waiting().filter(sent_at__lt=now - timedelta(seconds=2)).update(
            sent_at=now - timedelta(hours=1)
        )
        tasks.look_after_submissions()
        time.sleep(0.3)
        return is_finished(row)

    wait_until(look, 240)
    row.refresh_from_db()
    return row


CASES = [
    *(("pool_child", phase) for phase in PHASES),
    *(("kernel", phase) for phase in ("starting", "running", "checking")),
    *(("examiner", phase) for phase in ("running", "checking")),
    *(("broker", phase) for phase in PHASES),
    *(("disk", phase) for phase in PHASES),
    *(("database", phase) for phase in ("queued", "starting", "running", "checking")),
    *(("zygote", phase) for phase in ("starting", "running", "checking")),
]
PARTS = {each.__name__: each for each in (pool_child, zygote, kernel, examiner, broker, disk, database)}
KERNEL_DIED = {("kernel", "running"), ("kernel", "checking")}


@pytest.mark.parametrize(("part", "phase"), CASES, ids=["-".join(case) for case in CASES])
def test_a_part_dies(part, phase, worker, own_broker, submit, bob):
    if part == "database" and connection.vendor == "sqlite":
        pytest.skip("SQLite has no connections to lose")
    with PHASES[phase](submit, worker, bob) as row:
        done = PARTS[part](worker, own_broker)
        if done is not None:  # it lasts beyond the phase
            next(done)
    for _ in done or ():
        pass
    settle(row)
    log = worker.log.read_text()[-3000:]
    if (part, phase) in KERNEL_DIED:
        assert row.verdict == "kernel_died" and row.points in (0, 1), log  # a check may just have passed
    else:
        assert (row.verdict, row.points) == ("passed", 4), log
    assert 1 <= row.tries <= claims.MAX_TRIES and row.token is None
    assert Submission.objects.of(row.user).attempts().count() == 1
    assert [step.points for step in StepProgress.objects.filter(user=row.user)] == [row.points]
    wait_until(lambda: not Submission.objects.filter(state=State.RUNNING).exists() or settle_all())
    wait_until(lambda: process_tree.is_idle(worker.zygote, 2))
    wait_until(lambda: not list(worker.folder.glob("*/[0-9]*/learnpaths-*")))  # no kernel's folder is left


def settle_all():
    for row in Submission.objects.exclude(state=State.FINISHED):
        settle(row)
    return True


def test_the_whole_worker_dies_and_the_next_one_takes_over(worker, own_broker, submit, bob, shared_worker):
    with running(submit, worker, bob) as row:
        behind = submit(user=bob)
        family = worker.family()
        worker.process.kill()
        worker.process.wait()
    assert not still_alive(family)
    assert len(worker.left()) == 1, "its folder"
    shared_worker.start("--queue", "cpu", "--concurrency", "1").wait_until_ready()
    for each in (row, behind):
        settle(each)
        assert (each.verdict, each.points) == ("passed", 4)
    assert len(worker.left()) == 1, "the next one's folder"


def test_the_whole_worker_dies_while_it_writes_the_result(worker, submit, bob, shared_worker):
    with finishing(submit, worker, bob) as row:
        worker.process.kill()
        worker.process.wait()
    shared_worker.start("--queue", "cpu", "--concurrency", "1").wait_until_ready()
    settle(row)
    assert (row.verdict, row.points) == ("passed", 4)
    assert Submission.objects.of(row.user).attempts().count() == 1


def test_a_broker_whose_disk_is_full_takes_no_message_and_loses_no_row(own_broker, submit):
    """It answers every write with an error then, as it does here for another reason."""
    client().config_set("min-replicas-to-write", 1)
    try:
        row = submit()
        assert Submission.objects.get().sent_at is None
        pause()
    finally:
        client().config_set("min-replicas-to-write", 0)
    settle(row)
    assert (row.verdict, row.tries) == ("passed", 1)


def test_a_worker_drains(worker, submit, bob):
    """Last: afterwards the worker is gone."""
    with running(submit, worker, bob) as row:
        behind = submit()
        worker.process.send_signal(signal.SIGTERM)
    assert worker.process.wait(120) == 0
    row.refresh_from_db()
    behind.refresh_from_db()
    assert (row.verdict, row.tries) == ("passed", 1)
    assert behind.state == State.QUEUED
    assert worker.left() == []
