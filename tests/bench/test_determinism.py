"""Two gradings have the same score where verdict, points, outcomes and metrics agree, whatever else they used."""

import pytest

from bench.determinism import main, score_of
from exercises.assignment.report import Report


def report(message="", **changes):
    check = {
        "id": "loss",
        "outcome": "passed",
        "points": 2,
        "message": message,
        "metrics": [{"name": "loss", "value": 0.5}],
    }
    whole = {"verdict": "passed", "points": 2, "max_points": 2, "passed": True, "checks": [{**check, **changes}]}
    return Report.from_json({**whole, "usage": {"wall_seconds": float(len(message))}})


def test_a_score_is_all_that_must_not_differ():
    assert score_of(report()) == score_of(report(message="slower this time"))
    assert score_of(report()) != score_of(report(outcome="failed"))
    assert score_of(report()) != score_of(report(metrics=[{"name": "loss", "value": 0.25}]))


def test_an_unknown_exercise_is_named():
    with pytest.raises(SystemExit, match="There is no exercise 'nothing'"):
        main("nothing")
