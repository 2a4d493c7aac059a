"""One cell on the real jail, and what a learner sees of it."""

from exercises.assignment.definition import Limits
from exercises.grading import zygotes
from exercises.sandbox.run import Job, run


def run_cell(source, wall_seconds=30):
    """Run a cell in a kernel of its own and return what came of it."""
    job = Job(cells=(("cell", source),), checks=(), seed=7, limits=Limits(wall_seconds=wall_seconds), held_out={})
    address = zygotes.zygote_of("tf-2.21").address
    return run(job, address=address, on_event=lambda *event: None, is_cancelled=lambda: False).cells["cell"]


def assert_says(source, words):
    """Demand that a cell shows these words (parts joined by `*`, in their order)."""
    cell = run_cell(source)
    rest = cell.output + "".join((cell.error or {}).get(part, "") for part in ("message", "traceback"))
    for part in words.split("*"):
        assert part in rest, (cell.status, rest, part)
        rest = rest.partition(part)[2]
