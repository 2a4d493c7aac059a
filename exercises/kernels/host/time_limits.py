"""How long a kernel of a page and what it runs may go on.

Which limit applies where:

- `Limits.wall_seconds` of an exercise (`wall_seconds` in exercise.toml) bounds a whole run in grading, all cells and checks
  together (`exercises.sandbox.budget.RunBudget`). In the page it bounds one cell, or the checks of one run: the kernel stays between
  cells, and nobody knows how long a learner thinks.
- `Limits.cpu_seconds` of an exercise bounds a whole run in grading. In the page `TimeLimits.cpu_seconds` takes its place, for all that
  a kernel does in its life.
- Memory, processes, disk and output are the exercise's own in both.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class TimeLimits:
    """How long kernels of pages live and work, in seconds.

    `idle_seconds`: since it was last used. `life_seconds`: since it began. `cpu_seconds`: CPU time of its life. `cell_seconds`: one cell,
    or the checks of one run (0: the exercise's own `wall_seconds`). `obey_seconds`: a cell that goes on for so long after it was asked to
    stop is ended with its kernel.
    """

    idle_seconds: float
    life_seconds: float = 8 * 3600
    cpu_seconds: int = 3600
    cell_seconds: float = 0
    obey_seconds: float = 10
