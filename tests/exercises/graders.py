"""Engines for tests of all that is around the engine: each makes a report without running anything."""

from datetime import timedelta

from exercises.assignment.report import Report
from exercises.grading import reports

HOUR = timedelta(hours=1)


def passing(definition, sources, **options):
    """An engine that gives every check its points."""
    return Report.from_json(passing_json(definition, sources, **options))


def passing_json(definition, sources, *, seed, on_event, is_cancelled):
    on_event("cell", {"id": "add", "status": "ok", "seconds": 0.1})
    checks = [
        {
            "id": check.id,
            "title": check.title,
            "hidden": check.hidden,
            "outcome": "passed",
            "points": check.points,
            "max_points": check.points,
            "message": "",
        }
        for check in definition.checks
    ]
    return {
        "exercise": definition.id,
        "version": definition.digest(),
        "verdict": "passed",
        "points": definition.max_points,
        "max_points": definition.max_points,
        "passed": True,
        "seed": seed,
        "checks": checks,
        "cells": [],
        "phases": {"start": 0.1},
        "limits": {},
        "runtime": {},
    }


def broken(*args, **options):
    raise RuntimeError("the jail did not start")


def changed(**changes):
    """An engine whose report differs from `passing`'s."""

    def engine(definition, sources, **options):
        return Report.from_json({**passing_json(definition, sources, **options), **changes})

    return engine


def passing_report(submission):
    return passing(
        submission.version.parsed, {}, seed=submission.seed, on_event=lambda *_: None, is_cancelled=lambda: False
    )


def no_points(submission):
    return [{**check, "outcome": "failed"} for check in reports.empty_report(submission, "failed").to_json()["checks"]]
