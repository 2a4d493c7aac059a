from exercises.assignment.borrowing import find_borrowed
from exercises.assignment.definition import Cell


def cells(*pairs):
    return [Cell(id=f"c{n}", role=role, source=source, starter="") for n, (role, source) in enumerate(pairs)]


def test_what_another_check_makes_is_found_also_in_functions():
    found = find_borrowed(
        cells(
            ("check", "def helper_():\n    return 1\nlimit_ = 2"),
            ("examiner", "def use_():\n    return helper_()"),
            ("check", "x_ = 1\nassert [limit_ for _ in range(3)]"),
        )
    )
    assert [(cell, line, message.split("'")[1::2]) for cell, line, message in found] == [
        ("c1", 1, ["helper_", "c0"]), ("c2", 1, ["limit_", "c0"])]  # fmt: skip


def test_what_stands_elsewhere_too_is_nobodys_alone():
    assert not list(
        find_borrowed(
            cells(
                ("solution", "theirs = 1"),
                ("examiner", "ours_ = 2"),
                ("check", "theirs = ours_ = mine_ = 3\nimport json"),
                ("check", "def f_(mine_):\n    json = 1\n    return mine_, json\nassert theirs and ours_ and f_(1)\nmine_ = [mine_ for mine_ in (1,)]"),
            )
        )
    )  # fmt: skip
