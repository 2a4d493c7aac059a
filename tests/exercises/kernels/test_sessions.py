"""The record of a session: one host holds it, whatever two processes do at once; a silent host has lost it."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from exercises.kernels import journal, sessions
from exercises.kernels.commands import CellToRun, Complete, Interrupt, MalformedCommand, RunCells
from exercises.kernels.journal_entries import RunEntry
from exercises.kernels.session import CellRecord

RUNTIME = "tf-2.21"
RAN = CellRecord(count=1, digest="d", status="ok")


def opening(user=1, exercise="add", seed=5):
    return sessions.Opening(user=user, exercise=exercise, version=7, runtime=RUNTIME, seed=seed)


def run(*cells):
    given = tuple(CellToRun(id=cell, source="1") for cell in cells)
    return RunCells(run=str(uuid4()), kind="cells", cells=given, version=7)


@pytest.fixture
def host():
    host = str(uuid4())
    sessions.send_heartbeat(host)
    return host


def take(host):
    return sessions.take(host, [RUNTIME], seconds=0.1)


def events(key):
    return [(event.kind, event.data.get("status") or event.data.get("state")) for event in journal.read(key)]


def test_it_works(host):
    command = run("a")
    assert sessions.state("kernel:1:add").state == "none"
    sessions.send(opening(), command)
    assert sessions.state("kernel:1:add").state == "waiting"
    session = take(host)
    assert (session.key, session.version, session.seed) == ("kernel:1:add", 7, 5)
    assert sessions.state(session.key).state == "starting"
    assert sessions.next_command(session, 0) == command
    assert sessions.update(session, "idle", cells={"a": RAN})
    assert sessions.state(session.key).cells == {"a": RAN}


def test_a_broker_that_restarted_is_sent_the_scripts_again(host, broker):
    broker.script_flush()
    sessions.send(opening(), run("a"))
    broker.script_flush()
    session = take(host)
    broker.script_flush()
    assert sessions.update(session, "idle") and sessions.end(session.key, session.id, "idle")


def test_a_second_command_goes_to_the_same_session(host):
    sessions.send(opening(), run("a"))
    session = take(host)
    second = run("b")
    sessions.send(opening(seed=9), second)
    sessions.next_command(session, 0)
    assert sessions.next_command(session, 0) == second and take(host) is None


def test_only_one_host_takes_a_session(host):
    sessions.send(opening(), run("a"))
    assert take(host) is not None
    sessions.connection().zadd(f"kernels:line:{RUNTIME}", {"kernel:1:add": 1})  # as a healed line would have it
    assert take("another") is None


def test_the_line_is_first_come_first_served(host):
    for user in (3, 1, 2):
        sessions.send(opening(user), run("a"))
        time.sleep(0.002)
    assert [sessions.state(f"kernel:{user}:add").position for user in (3, 1, 2)] == [1, 2, 3]
    assert [take(host).key for _ in range(3)] == ["kernel:3:add", "kernel:1:add", "kernel:2:add"]


def test_a_session_that_fell_out_of_the_line_is_put_back(host, broker):
    sessions.send(opening(), run("a"))
    broker.delete(f"kernels:line:{RUNTIME}")  # a host that popped it and died
    assert sessions.state("kernel:1:add").position == 1
    assert take(host) is not None


def test_another_runtime_is_another_line(host):
    sessions.send(opening(), run("a"))
    assert sessions.take(host, ["tf-9"], seconds=0.1) is None


def test_a_silent_host_has_lost_its_sessions(host):
    sessions.send(opening(), run("a", "b"))
    session = take(host)
    sessions.stop_heartbeat(host)
    state = sessions.state(session.key)
    assert (state.state, state.reason) == ("ended", "worker_stopped") and "stopped" in state.message
    assert events(session.key) == [("cell", "skipped"), ("cell", "skipped"), ("run", "stopped"), ("kernel", "ended")]
    assert not sessions.update(session, "idle") and not sessions.is_held(session)
    assert not sessions.end(session.key, session.id, "idle")


def test_a_new_session_after_the_end_has_nothing_of_the_old_one_but_its_seed(host):
    sessions.send(opening(seed=5), run("a"))
    old = take(host)
    sessions.update(old, "idle", cells={"a": RAN})
    sessions.end(old.key, old.id, "idle")
    command = run("b")
    sessions.send(opening(seed=6), command)
    assert sessions.next_command(old, 0) is None
    new = take(host)
    assert new.seed == 5 and new.id != old.id and sessions.next_command(new, 0) == command
    assert sessions.state(new.key).cells == {} and journal.read(new.key) == []


def test_what_waits_can_be_withdrawn(host):
    sessions.send(opening(), run("a"))
    assert sessions.withdraw("kernel:1:add")
    assert sessions.state("kernel:1:add").state == "none"
    assert ("run", "stopped") in events("kernel:1:add")
    assert take(host) is None and not sessions.withdraw("kernel:1:add")


def test_what_a_host_holds_cannot_be_withdrawn_but_told(host):
    assert not sessions.send_to_host("kernel:1:add", Interrupt())
    sessions.send(opening(), run("a"))
    assert not sessions.send_to_host("kernel:1:add", Interrupt())
    session = take(host)
    assert not sessions.withdraw(session.key) and sessions.send_to_host(session.key, Interrupt())
    sessions.next_command(session, 0)
    assert sessions.next_command(session, 0) == Interrupt()


def test_a_fourth_kernel_takes_the_place_of_the_idle_one_that_waited_longest(host):
    held = []
    for number in range(3):
        sessions.send(opening(exercise=f"e{number}"), run("a"))
        held.append(take(host))
        sessions.update(held[-1], "idle" if number else "busy")
    sessions.send(opening(exercise="e3"), run("a"))
    assert [sessions.state(session.key).state for session in held] == ["busy", "ended", "idle"]
    assert sessions.state(held[1].key).reason == "replaced"


def test_three_busy_kernels_are_enough(host):
    for number in range(3):
        sessions.send(opening(exercise=f"e{number}"), run("a"))
        sessions.update(take(host), "busy")
    with pytest.raises(sessions.TooManyKernels):
        sessions.send(opening(exercise="e3"), run("a"))
    sessions.send(opening(user=2, exercise="e3"), run("a"))


def test_records_do_not_stay_for_ever(host, broker):
    sessions.send(opening(), run("a"))
    take(host)
    journal.publish("kernel:1:add", RunEntry(run="r", status="finished"))
    for key in broker.scan_iter("kernel*"):
        assert 0 < broker.ttl(key) <= sessions.LIFE_SECONDS, key


def test_a_host_that_waits_is_woken(host):
    with ThreadPoolExecutor(1) as pool:
        taking = pool.submit(sessions.take, host, [RUNTIME], seconds=4.0)
        sessions.send(opening(), run("a"))
        assert taking.result().key == "kernel:1:add"


def test_what_is_not_a_command_is_refused_by_name(host, broker):
    sessions.send(opening(), run("a"))
    session = take(host)
    sessions.next_command(session, 0)
    broker.rpush(f"{session.key}:inbox:{session.id}", '{"do": "dance"}')
    with pytest.raises(MalformedCommand, match="dance"):
        sessions.next_command(session, 0)


def test_what_nobody_took_is_refused_at_the_end(host, broker):
    sessions.send(opening(), run("a"))
    session = take(host)
    inbox = f"{session.key}:inbox:{session.id}"
    broker.rpush(inbox, "nonsense")
    question = Complete(code="np", cursor=2, reply="kernels:reply:test")
    sessions.send_to_host(session.key, question)
    assert sessions.end(session.key, session.id, "idle")
    assert events(session.key) == [("cell", "skipped"), ("run", "stopped"), ("kernel", "ended")]
    assert broker.lrange(question.reply, 0, -1) == [b"{}"] and not broker.exists(inbox)


def test_sessions_are_counted_by_state(host):
    for user in (1, 2, 3):
        sessions.send(opening(user), run("a"))
    take(host)
    assert sessions.count() == {"waiting": 2, "starting": 1}
