"""exercise.toml: each value has its type and range, and each problem its line; what is missing is said once."""

import pytest

from exercises.assignment.definition import Limits
from exercises.assignment.settings_file import read_settings
from tests.exercises.samples import TOML


def read(tmp_path, text):
    (tmp_path / "exercise.toml").write_text(text)
    settings = read_settings(tmp_path / "exercise.toml")
    return settings, [f"{problem.line}: {problem.message}" for problem in settings.file.problems]


def test_it_works(tmp_path):
    settings, problems = read(tmp_path, TOML)
    assert problems == []
    assert settings.values == {
        "title": "Add",
        "summary": "Add two numbers.",
        "queue": "cpu",
        "minutes": 5,
        "pass_percent": 60,
        "pass_hidden_percent": 60,
    }
    assert (settings.datasets, settings.baseline) == (("toy",), "zero")
    assert [(entry.name, entry.fails) for _, entry in settings.mutants] == [("zero", ("adds", "adds-unseen"))]
    assert [(table.line("check"), threshold.value) for table, threshold in settings.thresholds] == [(16, 0.5)]


def test_what_is_optional_is_kept_where_it_is_written(tmp_path):
    settings, problems = read(
        tmp_path, 'pool = "exam"\nvariant_of = "sub"\nearly_checks = true\npass_hidden_percent = 0\n' + TOML
    )
    assert problems == []
    assert {name: settings.values[name] for name in ("pool", "variant_of", "early_checks", "pass_hidden_percent")} == {
        "pool": "exam",
        "variant_of": "sub",
        "early_checks": True,
        "pass_hidden_percent": 0,
    }


def test_a_number_stays_as_it_is_written(tmp_path):
    """A definition's canonical JSON is its version: 1 and 1.0 are two."""
    settings, _ = read(tmp_path, TOML.replace("value = 0.5", "value = 1"))
    assert isinstance(settings.thresholds[0][1].value, int)


def test_an_item_with_a_problem_is_left_out_and_the_others_keep_their_lines(tmp_path):
    text = TOML + '[[threshold]]\ncheck = "x"\n[[threshold]]\ncheck = "y"\nmetric = "m"\nvalue = 2\n'
    settings, problems = read(tmp_path, text)
    assert [(table.line("check"), item.check) for table, item in settings.thresholds] == [
        (16, "adds-unseen"),
        (23, "y"),
    ]
    assert problems == ["20: `value` is missing.", "20: `metric` is missing."]


def test_the_clock_follows_the_cpu_time_and_may_only_be_widened(tmp_path):
    settings, problems = read(tmp_path, TOML)
    assert problems == []
    assert (settings.limits.cpu_seconds, settings.limits.wall_seconds) == (30, 90)
    settings, problems = read(tmp_path, TOML.replace("cpu_seconds = 30", "cpu_seconds = 30\nwall_seconds = 100"))
    assert (problems, settings.limits.wall_seconds) == ([], 100)
    assert read(tmp_path, TOML.partition("[limits]")[0])[0].limits == Limits()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('["toy"]', '["toy", "toy"]', "6: `datasets` must be a list of folder names of data/, each once."),
        ('["toy"]', '"toy"', "6: `datasets` must be a list of texts, not 'toy'."),
        ("[limits]\ncpu_seconds = 30", "limits = 30", "7: `limits` must be a table, not 30."),
        ("cpu_seconds = 30", "processes = 0", "8: `processes` is 0; it must be from 1 to 128: an exercise may only lower a limit."),
        ('[baseline]\nmutant = "zero"', "[baseline]", "9: `mutant` is missing."),
        ('fails = ["adds", "adds-unseen"]\n', "", "11: `fails` is missing."),
        ("[[mutant]]", "[mutant]", "11: `mutant` must be a list of tables, not {"),
        ('why = "Returns nothing useful"', 'why = ""', "14: `why` is empty."),
    ],
)  # fmt: skip
def test_each_problem_has_its_line(tmp_path, old, new, expected):
    assert old in TOML
    _, problems = read(tmp_path, TOML.replace(old, new, 1))
    assert any(problem.startswith(expected) for problem in problems), problems


def test_a_file_that_cannot_be_read_is_one_problem(tmp_path):
    settings = read_settings(tmp_path / "nothing.toml")
    assert [problem.message for problem in settings.file.problems] == [
        "The file cannot be read: No such file or directory."
    ]
    settings.report("More.", "name", table="baseline")
    assert settings.file.problems[-1].line == 0
