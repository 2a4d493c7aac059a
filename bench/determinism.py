"""`python -m bench.determinism [EXERCISE] [TIMES]`: grade one training notebook again and again; exit 1 unless all scores agree.

A score is the verdict, the points, each check's outcome and each metric. Printed as JSON: how often each came.
"""

import json
import os
import sys
from collections import Counter

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")
django.setup()

from django.conf import settings  # noqa: E402 - Django comes first

from exercises.assignment.report import Report  # noqa: E402 - Django comes first
from exercises.grading import engine  # noqa: E402
from exercises.selectors import definition_from_files  # noqa: E402


def main(exercise: str = "digits-mlp", times: str = "20") -> int:
    """Grade the reference solution with one seed and print the scores; return the exit status."""
    definition = definition_from_files(exercise, settings.CONTENT_DIRS)
    if definition is None:
        raise SystemExit(f"There is no exercise {exercise!r}.")
    scores = Counter(
        score_of(engine.grade_notebook(definition, definition.reference_sources(), seed=1)) for _ in range(int(times))
    )
    groups = [{"times": count, **json.loads(score)} for score, count in scores.most_common()]
    sys.stdout.write(json.dumps({"exercise": exercise, "seed": 1, "scores": groups}, indent=1) + "\n")
    return int(len(scores) != 1)


def score_of(report: Report) -> str:
    """Return what must not differ between two gradings, as text."""
    checks = {check.id: [check.outcome, *(metric.value for metric in check.metrics)] for check in report.checks}
    return json.dumps({"verdict": report.verdict, "points": report.points, "checks": checks})


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:3]))
