"""Runs public checks against a kernel that lives."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from exercises.assignment.definition import Definition
from exercises.assignment.examined import examined_models
from exercises.assignment.pass_rule import unattempted_cells
from exercises.grading import engine
from exercises.kernels.commands import RunCells
from exercises.kernels.host.event_publisher import EventPublisher
from exercises.kernels.host.work import Stopped, Work
from exercises.sandbox.console import Console
from exercises.sandbox.run import CheckJob, CheckRun


class CheckRunner:
    """Runs checks of an exercise in an examiner of their own, and publishes their outcomes."""

    def __init__(self, console: Console, publisher: EventPublisher, *, seed: int) -> None:
        self._console = console
        self._publisher = publisher
        self._seed = seed

    def run(
        self,
        run: RunCells,
        definition: Definition,
        checks: list[str],
        sources: dict[str, str],
        *,
        work: Work,
        tick: Callable[[], None],
    ) -> bool:
        """Run checks (their ids) against the kernel; False where they were stopped, which `tick` says by raising Stopped.

        `sources` are the cells as they ran: a check of cells that nobody attempted is not run.
        """
        wanted = {check.id: check for check in definition.checks if check.id in checks}
        jobs = self._make_jobs(run, definition, list(wanted), sources)
        if not jobs:
            return True
        held_out = engine.held_out_files(definition)
        try:
            for check_id, outcome in self._console.examine(
                jobs, seed=self._seed, held_out=held_out, limits=definition.limits, tick=tick
            ):
                self._publisher.publish_check(run, wanted[check_id], outcome)
        except Stopped:
            if work.is_late:
                self._publish_limit(run)
            return False
        return True

    def _make_jobs(
        self, run: RunCells, definition: Definition, checks: list[str], sources: dict[str, str]
    ) -> list[CheckJob]:
        """Return the checks that can run; of the others publish that they were not attempted."""
        unattempted = unattempted_cells(definition, sources)
        models = examined_models(definition)
        jobs = []
        for check in definition.checks:
            if check.id not in checks:
                continue
            if unattempted & set(check.requires):
                self._publisher.publish_check(run, check, CheckRun("unattempted"))
            else:
                source, examined = definition.cell(check.id).source, models.get(check.id, ())
                jobs.append(CheckJob(id=check.id, sources=(source,), follows=0, models=examined))
        return jobs

    def _publish_limit(self, run: RunCells) -> None:
        text = _("The checks ran longer, or needed more memory, than they may. Make your functions do less work.")
        self._publisher.publish_output(run, "", "output", {"output_type": "stream", "name": "stderr", "text": text})
