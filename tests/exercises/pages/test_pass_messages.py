"""What keeps a result from being a pass is said in words: points, hidden points, and the required checks by their titles."""

import pytest

from exercises.assignment.pass_rule import Rule
from exercises.assignment.report import CheckResult, Report
from exercises.pages.pass_messages import lacks, summary

RULE = Rule(points=4, hidden_points=2, required=("f1",))


def report(*, passes, rule=RULE):
    checks = tuple(
        CheckResult(
            id=name,
            title=title,
            hidden=hidden,
            outcome="passed" if name in passes else "failed",
            points=points * (name in passes),
            max_points=points,
        )
        for name, title, hidden, points in (("shape", "The shape", False, 2), ("f1", "F1 on unseen mails", True, 3))
    )
    points = sum(check.points for check in checks)
    return Report(
        exercise="mails", version="sha256:0", verdict="failed", points=points, max_points=5, passed=len(passes) == 2,
        pass_rule=rule, seed=1, checks=checks,
    )  # fmt: skip


def lacks_of(**options):
    result = report(**options)
    return lacks(result.pass_rule, result.points, result.checks)


@pytest.mark.parametrize(
    ("passes", "words"),
    [
        (["shape", "f1"], []),
        (["shape"], ["You need 4 points and have 2.", "you need 2 and have 0", "has not passed: F1 on unseen mails."]),
        (["f1"], ["You need 4 points and have 3."]),
    ],
)
def test_each_thing_that_is_missing_is_named(passes, words):
    found = lacks_of(passes=passes)
    assert len(found) == len(words)
    assert all(word in lack.text for word, lack in zip(words, found, strict=True))


def test_a_required_check_is_named_by_its_id_too():
    assert lacks_of(passes=["shape"])[-1].checks == ("f1",)


def test_a_report_older_than_the_rule_says_nothing_more():
    assert lacks_of(passes=["shape"], rule=None) == []


def test_full_marks_say_so():
    assert summary(report(passes=["shape", "f1"])) == "You have all 5 points."
    assert summary(report(passes=["shape"])) == "You have 2 of 5 points."
