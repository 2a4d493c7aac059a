"""The one reader and validator of content's TOML: each value has its type and range, each problem its file and line."""

import pytest

from learnpaths.catalog.tables import MAX_BYTES, Problem, SourceFile, is_id


def read(tmp_path, content):
    """Write a file; return it and its table."""
    path = tmp_path / "a.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    file = SourceFile(path, "things/a.toml", [])
    return file, file.table()


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a-1", True), ("A", False), ("a--b", False), ("a" * 61, False), ("", False), (None, False), (1, False)],
)
def test_is_id(value, expected):
    assert is_id(value) is expected


def test_a_problem_is_written_as_tools_write_it():
    assert str(Problem("paths/a/path.toml", 3, "`x` is missing.")) == "paths/a/path.toml:3: `x` is missing."


def test_good_values_come_back(tmp_path):
    text = 'a = "x "\nb = 3\nc = 0.5\nd = true\ne = ["f"]\n[g]\nh = 1\n[[i]]\nj = 2\n'
    file, table = read(tmp_path, text)
    assert table.text("a") == "x"
    assert table.one_of("a", ("x ", "x")) == "x"
    assert table.whole("b", minimum=1, maximum=3) == 3
    assert (table.number("c"), table.flag("d"), table.texts("e")) == (0.5, True, ["f"])
    assert table.table("g").whole("h", minimum=0, maximum=1) == 1
    assert [item.number("j") for item in table.tables("i")] == [2.0]
    table.finish()
    assert file.problems == []
    assert "a" in table and "z" not in table


def test_what_is_optional_has_a_default(tmp_path):
    file, table = read(tmp_path, "")
    assert table.text("a", default="d") == "d"
    assert table.one_of("a", ("d",), default="d") == "d"
    assert table.whole("b", minimum=1, maximum=9, default=4) == 4
    assert (table.flag("c"), table.texts("d"), table.tables("e"), table.table("f")) == (False, [], [], None)
    assert file.problems == []


@pytest.mark.parametrize(
    ("read_value", "line", "message"),
    [
        (lambda table: table.text("missing"), 1, "`missing` is missing."),
        (lambda table: table.text("blank"), 1, "`blank` is empty."),
        (lambda table: table.text("long", maximum=3), 2, "`long` has 4 characters; at most 3 are allowed."),
        (lambda table: table.text("whole"), 3, "`whole` must be a text, not 7."),
        (lambda table: table.one_of("long", ("a", "b")), 2, "`long` is 'four'; it must be one of: a, b."),
        (lambda table: table.whole("whole", minimum=8, maximum=9), 3, "`whole` is 7; it must be from 8 to 9."),
        (lambda table: table.whole("flag", minimum=0, maximum=9), 4, "`flag` must be a whole number, not True."),
        (
            lambda table: table.whole("long", minimum=0, maximum=9, default=1),
            2,
            "`long` must be a whole number, not 'four'.",
        ),
        (lambda table: table.number("infinite"), 5, "`infinite` is inf; it must be finite."),
        (lambda table: table.flag("whole"), 3, "`whole` must be true or false, not 7."),
        (lambda table: table.texts("mixed"), 6, "`mixed` must be a list of texts, none of them empty."),
        (lambda table: table.tables("mixed"), 6, "`mixed` must be a list of tables."),
        (lambda table: table.table("whole"), 3, "`whole` must be a table, not 7."),
        (lambda table: table.report("No.", "mixed"), 6, "No."),
    ],
)
def test_each_problem_has_its_line(tmp_path, read_value, line, message):
    file, table = read(
        tmp_path, 'blank = " "\nlong = "four"\nwhole = 7\nflag = true\ninfinite = inf\nmixed = ["a", 1]\n'
    )
    read_value(table)
    assert file.problems == [Problem("things/a.toml", line, message)]


def test_a_problem_in_a_table_of_a_table_has_its_line(tmp_path):
    file, table = read(tmp_path, "a = 1\n[[b]]\n[[b]]\nc = 2\n[d]\n")
    for item in (*table.tables("b"), table.table("d")):
        item.text("c")
    assert [(problem.line, problem.message) for problem in file.problems] == [
        (2, "`c` is missing."),
        (4, "`c` must be a text, not 2."),
        (5, "`c` is missing."),
    ]


def test_keys_that_nobody_asked_for_are_problems(tmp_path):
    file, table = read(tmp_path, "a = 1\nb = 2\n")
    table.number("a")
    table.finish()
    assert [str(problem) for problem in file.problems] == ["things/a.toml:2: Unknown key `b`; known here: a."]


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        ("a = 1\nb = ", 2, "Not valid TOML"),
        (b"a = 1\nb = '\xff'", 2, "The text is not UTF-8."),
        (b"#" * (MAX_BYTES + 1), 0, f"The file has {MAX_BYTES + 1} bytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_problem(tmp_path, content, line, message):
    file, table = read(tmp_path, content)
    assert table is None
    (problem,) = file.problems
    assert problem.line == line and problem.message.startswith(message)


def test_a_missing_file_is_a_problem(tmp_path):
    file = SourceFile(tmp_path / "nothing.toml", "nothing.toml", [])
    assert file.table() is None
    assert str(file.problems[0]) == "nothing.toml:0: The file cannot be read: No such file or directory."
