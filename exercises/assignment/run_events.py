"""What is told of a submission as it happens, as JSON: the data of each kind of event."""

from typing import Literal, NotRequired, TypedDict

from exercises.assignment.report import CellStatus, Outcome

Kind = Literal["queued", "started", "cell", "check", "finished"]


class Queued(TypedDict):
    """It waits: `position` others run or wait before it, for about `seconds`; None where nobody can know."""

    position: int
    seconds: int | None


class Started(TypedDict):
    """A worker has claimed it; there is no more to say."""


class CellEvent(TypedDict):
    """A cell begins (`running`), or has ended after so many seconds by the clock."""

    id: str
    status: CellStatus | Literal["running"]
    seconds: NotRequired[float]


class CheckEvent(TypedDict):
    """A check has run; `points` of `max_points` are what it gave."""

    id: str
    title: str
    outcome: Outcome
    points: int
    max_points: int


class Finished(TypedDict):
    """It has ended; `verdict` is one of `exercises.models.Verdict`. What the row says, so None where the row is gone."""

    verdict: str
    points: int | None
    max_points: int | None
    passed: bool


Data = Queued | Started | CellEvent | CheckEvent | Finished
