"""What keeps a result from being a pass is said in words: points, hidden points, and the required checks by their titles."""

import pytest

from exercises.pages.pass_messages import lacks, summary

RULE = {"points": 4, "hidden_points": 2, "required": ("f1",)}


def report(*, passes, rule=RULE):
    checks = [
        {"id": "shape", "title": "The shape", "hidden": False, "points": 2, "max_points": 2},
        {"id": "f1", "title": "F1 on unseen mails", "hidden": True, "points": 3, "max_points": 3},
    ]
    for check in checks:
        check["outcome"] = "passed" if check["id"] in passes else "failed"
        check["points"] *= check["id"] in passes
    points = sum(check["points"] for check in checks)
    found = {"checks": checks, "points": points, "max_points": 5, "passed": len(passes) == 2}
    return found | ({"pass_rule": rule} if rule else {})


@pytest.mark.parametrize(
    ("passes", "words"),
    [
        (["shape", "f1"], []),
        (["shape"], ["You need 4 points and have 2.", "you need 2 and have 0", "has not passed: F1 on unseen mails."]),
        (["f1"], ["You need 4 points and have 3."]),
    ],
)
def test_each_thing_that_is_missing_is_named(passes, words):
    found = lacks(report(passes=passes))
    assert len(found) == len(words)
    assert all(word in lack.text for word, lack in zip(words, found, strict=True))


def test_a_required_check_is_named_by_its_id_too():
    assert lacks(report(passes=["shape"]))[-1].checks == ("f1",)


def test_a_report_older_than_the_rule_says_nothing_more():
    assert lacks(report(passes=["shape"], rule=None)) == []


def test_full_marks_say_so():
    assert summary(report(passes=["shape", "f1"])) == "You have all 5 points."
    assert summary(report(passes=["shape"])) == "You have 2 of 5 points."
