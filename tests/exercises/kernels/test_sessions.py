"""The record of a session: one host holds it, whatever two processes do at once; a silent host has lost it."""

import time
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest

from exercises.kernels import journal, sessions

RUNTIME = "tf-2.21"


def opening(user=1, exercise="add", seed=5):
    return sessions.Opening(user=user, exercise=exercise, version=7, runtime=RUNTIME, seed=seed)


def run(*cells):
    return {"do": "run", "run": str(uuid4()), "kind": "cells", "cells": [{"id": cell} for cell in cells], "version": 7}


@pytest.fixture
def host():
    host = str(uuid4())
    sessions.beat(host)
    return host


def take(host):
    return sessions.take(host, [RUNTIME], seconds=0.1)


def events(key):
    return [(event.kind, event.data.get("status") or event.data.get("state")) for event in journal.read(key)]


def test_it_works(host):
    command = run("a")
    assert sessions.state("kernel:1:add")["state"] == "none"
    sessions.send(opening(), command)
    assert sessions.state("kernel:1:add")["state"] == "waiting"
    claim = take(host)
    assert (claim.key, claim.version, claim.seed) == ("kernel:1:add", 7, 5)
    assert sessions.state(claim.key)["state"] == "starting"
    assert sessions.listen(claim, 0) == command
    assert sessions.update(claim, state="idle", cells='{"a": {"count": 1}}')
    assert sessions.state(claim.key)["cells"] == {"a": {"count": 1}}


def test_a_broker_that_restarted_is_sent_the_scripts_again(host, broker):
    broker.script_flush()
    sessions.send(opening(), run("a"))
    broker.script_flush()
    claim = take(host)
    broker.script_flush()
    assert sessions.update(claim, state="idle") and sessions.end(claim.key, claim.id, "idle")


def test_a_second_command_goes_to_the_same_session(host):
    sessions.send(opening(), run("a"))
    claim = take(host)
    second = run("b")
    sessions.send(opening(seed=9), second)
    sessions.listen(claim, 0)
    assert sessions.listen(claim, 0) == second and take(host) is None


def test_only_one_host_takes_a_session(host):
    sessions.send(opening(), run("a"))
    assert take(host) is not None
    sessions.connection().zadd(f"kernels:line:{RUNTIME}", {"kernel:1:add": 1})  # as a healed line would have it
    assert take("another") is None


def test_the_line_is_first_come_first_served(host):
    for user in (3, 1, 2):
        sessions.send(opening(user), run("a"))
        time.sleep(0.002)
    assert [sessions.state(f"kernel:{user}:add")["position"] for user in (3, 1, 2)] == [1, 2, 3]
    assert [take(host).key for _ in range(3)] == ["kernel:3:add", "kernel:1:add", "kernel:2:add"]


def test_a_session_that_fell_out_of_the_line_is_put_back(host, broker):
    sessions.send(opening(), run("a"))
    broker.delete(f"kernels:line:{RUNTIME}")  # a host that popped it and died
    assert sessions.state("kernel:1:add")["position"] == 1
    assert take(host) is not None


def test_another_runtime_is_another_line(host):
    sessions.send(opening(), run("a"))
    assert sessions.take(host, ["tf-9"], seconds=0.1) is None


def test_a_silent_host_has_lost_its_sessions(host):
    sessions.send(opening(), run("a", "b"))
    claim = take(host)
    sessions.stop_beating(host)
    state = sessions.state(claim.key)
    assert (state["state"], state["reason"]) == ("ended", "worker_stopped") and "stopped" in state["message"]
    assert events(claim.key) == [("cell", "skipped"), ("cell", "skipped"), ("run", "stopped"), ("kernel", "ended")]
    assert not sessions.update(claim, state="idle") and not sessions.holds(claim)
    assert not sessions.end(claim.key, claim.id, "idle")


def test_a_new_session_after_the_end_has_nothing_of_the_old_one_but_its_seed(host):
    sessions.send(opening(seed=5), run("a"))
    old = take(host)
    sessions.update(old, state="idle", cells='{"a": {}}')
    sessions.end(old.key, old.id, "idle")
    command = run("b")
    sessions.send(opening(seed=6), command)
    assert sessions.listen(old, 0) is None
    new = take(host)
    assert new.seed == 5 and new.id != old.id and sessions.listen(new, 0) == command
    assert sessions.state(new.key)["cells"] == {} and journal.read(new.key) == []


def test_what_waits_can_be_withdrawn(host):
    sessions.send(opening(), run("a"))
    assert sessions.withdraw("kernel:1:add")
    assert sessions.state("kernel:1:add")["state"] == "none"
    assert ("run", "stopped") in events("kernel:1:add")
    assert take(host) is None and not sessions.withdraw("kernel:1:add")


def test_what_a_host_holds_cannot_be_withdrawn_but_told(host):
    assert not sessions.tell("kernel:1:add", {"do": "interrupt"})
    sessions.send(opening(), run("a"))
    assert not sessions.tell("kernel:1:add", {"do": "interrupt"})
    claim = take(host)
    assert not sessions.withdraw(claim.key) and sessions.tell(claim.key, {"do": "interrupt"})
    sessions.listen(claim, 0)
    assert sessions.listen(claim, 0) == {"do": "interrupt"}


def test_a_fourth_kernel_takes_the_place_of_the_idle_one_that_waited_longest(host):
    claims = []
    for number in range(3):
        sessions.send(opening(exercise=f"e{number}"), run("a"))
        claims.append(take(host))
        sessions.update(claims[-1], state="idle" if number else "busy")
    sessions.send(opening(exercise="e3"), run("a"))
    assert [sessions.state(claim.key)["state"] for claim in claims] == ["busy", "ended", "idle"]
    assert sessions.state(claims[1].key)["reason"] == "replaced"


def test_three_busy_kernels_are_enough(host):
    for number in range(3):
        sessions.send(opening(exercise=f"e{number}"), run("a"))
        sessions.update(take(host), state="busy")
    with pytest.raises(sessions.TooManyKernels):
        sessions.send(opening(exercise="e3"), run("a"))
    sessions.send(opening(user=2, exercise="e3"), run("a"))


def test_the_journal_forgets_a_cell_that_runs_again():
    notes = journal.Journal("kernel:1:add")
    notes.write("output", {"n": 1}, of_cell="a")
    notes.write("output", {"n": 2}, of_cell="b")
    notes.forget_cell("a")
    notes.write("output", {"n": 3}, of_cell="a")
    assert [event.data["n"] for event in journal.read("kernel:1:add")] == [2, 3]


def test_the_journal_keeps_only_so_many_bytes(monkeypatch):
    monkeypatch.setattr(journal, "MAX_BYTES", 10_000)
    notes = journal.Journal("kernel:1:add")
    for number in range(50):
        notes.write("output", {"n": number, "text": "x" * 1_000}, of_cell="a")
    kept = [event.data["n"] for event in journal.read("kernel:1:add")]
    assert kept[-1] == 49 and 0 < len(kept) < 10


def test_a_cleared_journal_goes_on_counting():
    notes = journal.Journal("kernel:1:add")
    notes.write("kernel", {})
    last = journal.last_id("kernel:1:add")
    notes.clear()
    notes.write("kernel", {"state": "idle"})
    assert [event.data for event in journal.read("kernel:1:add", last)] == [{"state": "idle"}]


def test_records_do_not_stay_for_ever(host, broker):
    sessions.send(opening(), run("a"))
    take(host)
    journal.publish("kernel:1:add", "kernel", {})
    for key in broker.scan_iter("kernel*"):
        assert 0 < broker.ttl(key) <= sessions.LIFE_SECONDS, key


# --- turns ---


def open_all(*pairs):
    for user, exercise in pairs:
        sessions.send(opening(user, exercise), run("a"))
        time.sleep(0.002)


def keys(*pairs):
    return [f"kernel:{user}:{exercise}" for user, exercise in pairs]


def test_everybody_s_first_kernel_goes_before_anybody_s_second(host):
    open_all((1, "a"), (1, "b"), (1, "c"), (2, "a"), (2, "b"), (3, "a"))
    turns = keys((1, "a"), (2, "a"), (3, "a"), (1, "b"), (2, "b"), (1, "c"))
    assert sessions.waiting([RUNTIME]) == turns
    assert [sessions.state(key)["position"] for key in turns] == [1, 2, 3, 4, 5, 6]
    assert [take(host).key for _ in turns] == turns


def test_a_kernel_that_runs_counts_for_its_person(host):
    open_all((1, "a"))
    claim = take(host)
    open_all((1, "b"), (2, "a"))
    assert [sessions.state(key)["position"] for key in keys((2, "a"), (1, "b"))] == [1, 2]
    sessions.end(claim.key, claim.id, "idle")
    assert sessions.waiting([RUNTIME]) == keys((1, "b"), (2, "a"))  # now it is their first again
    assert sessions.held(keys((1, "b"))) == {"kernel:1:b": 0}


def test_turns_go_across_the_lines_of_a_host(host):
    for user, name, runtime in ((1, "a", "tf-8"), (1, "b", "tf-8"), (2, "a", RUNTIME)):
        given = sessions.Opening(user=user, exercise=name, version=7, runtime=runtime, seed=5)
        sessions.send(given, run("a"))
        time.sleep(0.002)
    taken = [sessions.take(host, ["tf-8", RUNTIME], seconds=0.1).key for _ in range(3)]
    assert taken == keys((1, "a"), (2, "a"), (1, "b"))


def test_a_host_that_waits_is_woken(host):
    with ThreadPoolExecutor(1) as pool:
        taking = pool.submit(sessions.take, host, [RUNTIME], seconds=4.0)
        sessions.send(opening(), run("a"))
        assert taking.result().key == "kernel:1:add"
