"""What a page that comes back catches up from: small, without what a cell showed before it ran again."""

from exercises.kernels import journal
from exercises.kernels.journal_entries import KernelEntry, OutputEntry
from exercises.kernels.session import SessionState

KEY = "kernel:1:add"


def output(number, text=""):
    return OutputEntry(run="r", cell="a", output={"n": number, "text": text})


def test_it_works():
    first = journal.publish(KEY, output(1))
    second = journal.publish(KEY, output(2))
    assert journal.last_id(KEY) == second
    (event,) = journal.read(KEY, first)
    assert (event.id, event.kind, event.data) == (second, "output", output(2).as_json())


def test_the_journal_forgets_a_cell_that_runs_again():
    notes = journal.Journal(KEY)
    notes.write(output(1), of_cell="a")
    notes.write(output(2), of_cell="b")
    notes.forget_cell("a")
    notes.write(output(3), of_cell="a")
    assert [event.data["output"]["n"] for event in journal.read(KEY)] == [2, 3]


def test_the_journal_keeps_only_so_many_bytes(monkeypatch):
    monkeypatch.setattr(journal, "MAX_BYTES", 10_000)
    notes = journal.Journal(KEY)
    for number in range(50):
        notes.write(output(number, "x" * 1_000), of_cell="a")
    kept = [event.data["output"]["n"] for event in journal.read(KEY)]
    assert kept[-1] == 49 and 0 < len(kept) < 10


def test_a_cleared_journal_goes_on_counting():
    notes = journal.Journal(KEY)
    notes.write(KernelEntry(state=SessionState()))
    last = journal.last_id(KEY)
    notes.clear()
    notes.write(KernelEntry(state=SessionState(state="idle")))
    assert [event.data["state"] for event in journal.read(KEY, last)] == ["idle"]
