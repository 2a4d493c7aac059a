"""Exercise folders: a sound one, and everything that an author can get wrong."""

import json
from pathlib import Path

import pytest

from exercises.assignment.definition import Definition
from exercises.assignment.notebook_files import learner_notebook
from exercises.assignment.reader import read_exercise, read_exercises
from tests.exercises.samples import CARD, NOTEBOOK, TOML, ZERO, write_exercise


def read(root, **files):
    folder = write_exercise(root, **files)
    return read_exercise(folder, root / "data")


def problems_of(root, **files):
    definition, problems = read(root, **files)
    assert definition is None
    return [f"{Path(problem.file).name}:{problem.line}: {problem.message}" for problem in problems]


def test_it_works(tmp_path):
    definition, problems = read(tmp_path)
    assert problems == []
    assert definition.id == "add"
    assert definition.max_points == 4
    assert [cell.role for cell in definition.cells] == [
        "text", "setup", "solution", "solution", "check", "examiner", "check",
    ]  # fmt: skip
    assert (definition.limits.cpu_seconds, definition.limits.wall_seconds) == (30, 90)
    assert definition.limits.memory_bytes == 2 * 2**30
    assert definition.mutants[0].is_baseline
    assert definition.mutants[0].sources == {"add": "def add(a, b):\n    return 0"}
    assert definition.thresholds[0].value == 0.5
    assert list(definition.data) == ["toy/public/toy.csv"]
    assert definition.cards["toy"]["licence"] == "CC0"


def test_another_way_that_an_automatic_mutant_may_take(tmp_path):
    way = '[[other_way]]\nkind = "plain-python"\nwhy = "No graph is asked for."\ncell = "add"\n'
    definition, problems = read(tmp_path, toml=TOML + way)
    assert problems == [] and [(item.kind, item.cell) for item in definition.other_ways] == [("plain-python", "add")]
    assert Definition.from_json(json.loads(json.dumps(definition.to_json()))) == definition


def test_a_solution_becomes_a_reference_and_a_starter_without_markers(tmp_path):
    definition, _ = read(tmp_path)
    add, twice = definition.solution_cells
    assert add.source == 'def add(a, b):\n    """Return the sum."""\n    total = a + b\n    return total'
    assert add.starter == (
        'def add(a, b):\n    """Return the sum."""\n    # Your code here\n    raise NotImplementedError'
    )
    assert twice.source == "twice = add(2, 2)"
    assert twice.starter == "twice = None  # Your code here"


def test_at_module_level_the_starter_raises_nothing(tmp_path):
    notebook = NOTEBOOK.replace("### BEGIN STARTER\n# twice = None  # Your code here\n### END STARTER\n", "")
    definition, _ = read(tmp_path, notebook=notebook)
    assert definition.solution_cells[1].starter == "# Your code here"


def test_a_check_needs_the_cells_since_the_last_check(tmp_path):
    notebook = NOTEBOOK.replace(' requires=["add"]', "")
    definition, _ = read(tmp_path, notebook=notebook)
    first, second = definition.checks
    assert first.requires == ("add", "twice")
    assert second.requires == ("add", "twice")  # right after a check: the same cells


def test_a_notebook_may_be_ipynb(tmp_path):
    folder = write_exercise(tmp_path)
    original, _ = read_exercise(folder, tmp_path / "data")
    cells = [
        {
            "cell_type": "markdown" if cell.role == "text" else "code",
            "source": _authored(cell),
            "metadata": {"id": cell.id, "role": cell.role, **_check_metadata(original, cell.id)},
        }
        for cell in original.cells
    ]
    (folder / "notebook.py").unlink()
    (folder / "notebook.ipynb").write_text(json.dumps({"nbformat": 4, "cells": cells}))
    definition, problems = read_exercise(folder, tmp_path / "data")
    assert problems == []
    assert definition.checks == original.checks
    assert [cell.source for cell in definition.cells] == [cell.source for cell in original.cells]


def _authored(cell):
    if cell.role != "solution":
        return cell.source
    return f"### BEGIN SOLUTION\n{cell.source}\n### END SOLUTION"


def _check_metadata(definition, cell_id):
    for check in definition.checks:
        if check.id == cell_id:
            values = {"title": check.title, "points": check.points, "requires": list(check.requires)}
            return values | (
                {"hidden": True, "feedback": check.feedback, "required": check.required} if check.hidden else {}
            )
    return {}


def test_the_same_files_have_the_same_version(tmp_path):
    one, _ = read(tmp_path / "a")
    two, _ = read(tmp_path / "b")
    assert one.digest() == two.digest()
    assert Definition.from_json(json.loads(json.dumps(one.to_json()))) == one
    other, _ = read(tmp_path / "c", toml=TOML.replace("minutes = 5", "minutes = 6"))
    assert other.digest() != one.digest()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("pass_percent = 60", "pass_percent = 0", "exercise.toml:5: `pass_percent` is 0; it must be from 1 to 100."),
        ("pass_percent = 60", "pass_percent = 101", "exercise.toml:5: `pass_percent` is 101"),
        ("pass_percent = 60", 'pass_percent = "60"', "exercise.toml:5: `pass_percent` must be a whole number, not '60'."),
        ("pass_percent = 60", "pass_percent = true", "exercise.toml:5: `pass_percent` must be a whole number, not True."),
        ('queue = "cpu"', 'queue = "gpus"', "exercise.toml:3: `queue` is 'gpus'; it must be one of: cpu, gpu, tpu."),
        ('queue = "cpu"', "", "exercise.toml:1: `queue` is missing."),
        ('title = "Add"', "title = ", "exercise.toml:1: Not valid TOML"),
        ('title = "Add"', 'title = "Add"\ntitel = "Add"', "exercise.toml:2: Unknown key `titel`; known here: baseline, datasets"),
        ('["toy"]', '["toy", "nothing"]', "exercise.toml:6: There is no data set 'nothing'"),
        ('["toy"]', '["../../etc"]', "exercise.toml:6: There is no data set '../../etc'"),
        ("cpu_seconds = 30", "cpu_seconds = 1000", "exercise.toml:8: `cpu_seconds` is 1000; it must be from 1 to 120: an exercise may only lower a limit."),
        ("cpu_seconds = 30", "cpu_seconds = 30\nwall_seconds = 89", "exercise.toml:9: `wall_seconds` is 89; it must be at least 90"),
        ("cpu_seconds = 30", "wall_seconds = 60", "exercise.toml:8: `wall_seconds` is 60; it must be at least 360"),
        ("cpu_seconds = 30", "seconds = 30", "exercise.toml:8: Unknown key `seconds`; known here: cpu_seconds"),
        ('mutant = "zero"', 'mutant = "one"', "exercise.toml:10: The baseline 'one' is not one of the mutants."),
        ('fails = ["adds",', 'fails = ["sums",', "exercise.toml:13: The mutant zero names an unknown check: 'sums'."),
        ('name = "zero"', 'name = "nil"', "exercise.toml:12: The file mutants/nil.py is missing."),
        ('why = "Returns nothing useful"\n', "", "exercise.toml:11: `why` is missing."),
        ('check = "adds-unseen"', 'check = "sums"', "exercise.toml:16: The threshold names an unknown check: 'sums'."),
        ("[[threshold]]", "[[other_way]]\nkind = 'zeros'\nwhy = 'x'\n[[threshold]]", "exercise.toml:16: Only plain-python, python-in"),
        ("[[threshold]]", "[[other_way]]\nkind = 'linear'\n[[threshold]]", "exercise.toml:15: `why` is missing."),
        ("[[threshold]]", "[[other_way]]\nkind = 'linear'\nwhy = 'x'\ncell = 'sum'\n[[threshold]]", "exercise.toml:18: 'sum' is not"),
        ("value = 0.5", "value = 0.4", "exercise.toml:16: The check 'adds-unseen' does not measure this: it needs report_metric("),
        ('better = "lower"', "", "exercise.toml:16: The check 'adds-unseen' does not measure this"),
        ('better = "lower"', 'better = "less"', "exercise.toml:19: `better` is 'less'; it must be one of: higher, lower."),
        ('metric = "error"', 'metric = "mistake"', "exercise.toml:16: The check 'adds-unseen' does not measure this"),
        ("pass_percent = 60", "pass_percent = 60\npass_hidden_percent = 101", "exercise.toml:6: `pass_hidden_percent` is 101"),
        ("value = 0.5", 'value = "high"', "exercise.toml:18: `value` must be a number, not 'high'."),
        ('title = "Add"', 'title = "Add"\npool = "secret"', "exercise.toml:2: `pool` is 'secret'; it must be one of: practice, exam."),
        ('title = "Add"', 'title = "Add"\nvariant_of = "sub"', "exercise.toml:2: An exercise that varies another belongs to"),
    ],
)  # fmt: skip
def test_a_bad_exercise_toml_is_named_with_its_line(tmp_path, old, new, expected):
    assert old in TOML
    assert any(expected in problem for problem in problems_of(tmp_path, toml=TOML.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (' id="imports"', "", "notebook.py:6: This cell has no id"),
        ('id="imports"', 'id="Imports!"', "notebook.py:6: 'Imports!' cannot be a cell's id"),
        ('id="imports"', 'id="hidden-checks"', "notebook.py:6: 'hidden-checks' cannot be a cell's id"),
        ('id="imports"', 'id="add"', "notebook.py:9: The id 'add' is used twice."),
        (' role="setup"', "", "notebook.py:6: A code cell needs role="),
        (' role="setup"', ' role="text"', "notebook.py:6: A code cell needs role="),
        ('role="setup"', 'role="setup" points=1', "notebook.py:6: 'points' means nothing on a setup cell."),
        ('role="setup"', "role=setup", "notebook.py:6: A cell's metadata is written key=json; this is not"),
        ("import math", "import math as", "notebook.py:7: This cell is not valid Python"),
        ("import math", "%matplotlib inline", "notebook.py:7: This cell is not valid Python"),
        ("# Write `add`.", "Write `add`.", "notebook.py:4: A line of a Markdown cell begins with"),
        ("# Write `add`.", "# <b>Write</b>", "notebook.py:4: HTML is not allowed"),
        ("    ### BEGIN SOLUTION\n    total", "    total", "notebook.py:14: ### END SOLUTION without its ### BEGIN"),
        ("    ### END SOLUTION\n", "", "notebook.py:12: ### BEGIN SOLUTION without its ### END SOLUTION."),
        ("    total = a + b\n    return total\n", "    ...\n", "ok"),
        ("    total = a + b\n    return total\n", "    # nothing\n    pass\n", "ok"),
        ("    total = a + b\n    return total\n", "    # nothing\n", "notebook.py"),
        ("twice = add(2, 2)\n", "twice = (\n", "notebook.py"),
        ("# twice = None", "# twice = ", "notebook.py:18: The starter made from this cell is not valid Python"),
        ("points=1", "points=0", "notebook.py:25: points is a whole number, at least 1."),
        ("points=1", "points=true", "notebook.py:25: points is a whole number, at least 1."),
        ("points=1", "points=1.5", "notebook.py:25: points is a whole number, at least 1."),
        (' title="Adds small numbers"', "", "notebook.py:25: A check needs a title"),
        ("hidden=true", 'hidden="yes"', "notebook.py:31: hidden is true or false."),
        ("required=true", "", "exercise.toml:16: A certificate states this metric, so the check 'adds-unseen' must be required"),
        ("required=true", 'required="yes"', "notebook.py:31: required is true or false."),
        ("assert add(1, 2) == 3,", "assert np.allclose(add(1, 2), 3),", "notebook.py:26: `allclose` is true of empty"),
        ("assert add(40, 2) == secret", "assert (add(40, 2) == secret).all()", "notebook.py:33: `all` holds of nothing"),
        ("secret = 42", "secret = add\nassert secret in [add]", "notebook.py:30: `in` asks the learner's value"),
        ("assert add(40, 2)", 'report_metric("more", 1.0, threshold=2)\nassert add(40, 2)', "notebook.py:33: The metric 'more' has a"),
        ('requires=["add"]', 'requires=["sub"]', "notebook.py:25: requires names 'sub', which is not a solution cell."),
        ('requires=["add"]', 'requires=["imports"]', "notebook.py:25: requires names 'imports'"),
        ('requires=["add"]', 'requires="add"', "notebook.py:25: requires is a list of ids"),
        ('"Look at **operators**."', '"total = a + b"', "notebook.py:9: Hint 2 contains a line of"),
        ('"Look at **operators**."', '"Write total=a+b; return total"', "notebook.py:9: Hint 2 contains"),
        ('"Look at **operators**."', '"b", "c", "d"', "notebook.py:9: hints is a list of at most 3 texts."),
    ],
)  # fmt: skip
def test_a_bad_notebook_is_named_with_its_line(tmp_path, old, new, expected):
    assert old in NOTEBOOK
    notebook = NOTEBOOK.replace(old, new, 1)
    if expected == "ok":
        assert read(tmp_path, notebook=notebook)[0] is not None
    else:
        found = problems_of(tmp_path, notebook=notebook)
        assert any(expected in problem for problem in found), found


def test_a_solution_cell_without_a_solution_is_named(tmp_path):
    notebook = NOTEBOOK.replace("### BEGIN SOLUTION\ntwice = add(2, 2)\n### END SOLUTION\n", "twice = 4\n")
    notebook = notebook.replace("### BEGIN STARTER\n# twice = None  # Your code here\n### END STARTER\n", "")
    assert any("needs a solution between" in problem for problem in problems_of(tmp_path, notebook=notebook))


@pytest.mark.parametrize(
    ("zero", "expected"),
    [
        (ZERO.replace('"add"', '"adds"'), "zero.py:1: 'adds' is not a solution cell"),
        (ZERO + ZERO, "zero.py:4: 'add' is not a solution cell, or is replaced twice."),
        (ZERO.replace("return 0", "return"), None),
        (ZERO.replace("return 0", "return ("), "zero.py:3: This cell is not valid Python"),
        ("", "zero.py:1: This notebook has no cells"),
    ],
)
def test_a_bad_mutant_is_named_with_its_line(tmp_path, zero, expected):
    if expected is None:
        assert read(tmp_path, zero=zero)[1] == []
    else:
        assert any(expected in problem for problem in problems_of(tmp_path, zero=zero))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("public/toy.csv", "public/other.csv", "The card names 'public/other.csv', which is not there."),
        ("public/toy.csv", "public/other.csv", "'public/toy.csv' is not on the card."),
        ('csv" = "', 'csv" = "0', "its sha256 differs"),
        ('licence = "CC0"\n', "", "`licence` is missing."),
        ("rows = 2", "rows = ", "card.toml:4: Not valid TOML"),
    ],
)
def test_data_must_be_the_data_of_the_card(tmp_path, old, new, expected):
    assert any(expected in problem for problem in problems_of(tmp_path, card=CARD.replace(old, new, 1)))


def test_all_problems_come_in_one_run(tmp_path):
    toml = TOML.replace("pass_percent = 60", "pass_percent = 0").replace('["toy"]', '["nothing"]')
    notebook = NOTEBOOK.replace("points=1", "points=0").replace("import math", "import math as")
    assert len(problems_of(tmp_path, toml=toml, notebook=notebook)) >= 4


def test_missing_files_and_a_bad_name_are_problems(tmp_path):
    (tmp_path / "exercises" / "Bad_Name").mkdir(parents=True)
    definitions, problems = read_exercises(tmp_path / "exercises", tmp_path / "data")
    messages = " ".join(str(problem) for problem in problems)
    assert definitions == {}
    assert "is no id" in messages and "exercise.toml:0" in messages and "notebook.py:0" in messages


def test_one_bad_exercise_does_not_hide_a_good_one(tmp_path):
    write_exercise(tmp_path)
    (tmp_path / "exercises" / "empty").mkdir()
    definitions, problems = read_exercises(tmp_path / "exercises", tmp_path / "data")
    assert list(definitions) == ["add"]
    assert problems
    assert read_exercises(tmp_path / "nowhere", tmp_path / "data") == ({}, [])


def test_bytes_that_are_not_text_are_a_problem(tmp_path):
    folder = write_exercise(tmp_path)
    (folder / "notebook.py").write_bytes(b"\xff\xfe\x00")
    definition, problems = read_exercise(folder, tmp_path / "data")
    assert definition is None and problems[0].message == "The text is not UTF-8."


def test_nothing_hidden_is_in_the_learners_copy(tmp_path):
    definition, _ = read(tmp_path)
    text = json.dumps(learner_notebook(definition))
    assert "secret" not in text and "Try negative" not in text and "total = a + b" not in text


def variant(root, toml):
    """Write the sample exercise as `add-again` beside `add`."""
    folder = write_exercise(root)
    write_exercise(root / "other", toml=toml)
    (root / "other/exercises/add").rename(folder.parent / "add-again")
    return read_exercises(folder.parent, root / "data")


def test_a_variant_belongs_to_the_exam_pool_and_is_not_listed(tmp_path):
    definitions, problems = variant(tmp_path, 'pool = "exam"\nvariant_of = "add"\n' + TOML)
    assert problems == []
    assert definitions["add"].is_listed and not definitions["add-again"].is_listed
    assert definitions["add-again"].variant_of == "add"


@pytest.mark.parametrize("other", ["add-again", "nothing", "../add"])
def test_a_variant_varies_an_exercise_to_practise_on(tmp_path, other):
    definitions, problems = variant(tmp_path, f'pool = "exam"\nvariant_of = "{other}"\n' + TOML)
    assert list(definitions) == ["add"]
    assert [problem.message for problem in problems] == [
        f"variant_of names {other!r}, which is not an exercise that learners practise on."
    ]


OPENING = """# %% id="shown" role="examiner" before_hidden=true
report_examples(["a"], ["1"], ["1"], check="adds-unseen")

# %% id="answers" role="examiner\""""


def test_a_cell_before_all_hidden_checks_names_the_checks_that_it_reports_for(tmp_path):
    definition, problems = read(tmp_path, notebook=NOTEBOOK.replace('# %% id="answers" role="examiner"', OPENING))
    assert problems == []
    assert definition.cell("shown").opens == ("adds-unseen",)
    assert definition.cell("answers").opens == ()
    assert Definition.from_json(json.loads(json.dumps(definition.to_json()))) == definition


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('check="adds-unseen"', 'check="adds"', "check= names 'adds', which is not a hidden check."),
        (', check="adds-unseen"', "", "say for which it reports"),
        ("before_hidden=true", 'before_hidden="yes"', "before_hidden is true or false."),
        ('["a"]', 'held_out("toy", "x")', "asks for public data only."),
    ],
)
def test_a_bad_cell_before_all_hidden_checks_is_named(tmp_path, old, new, expected):
    assert old in OPENING
    notebook = NOTEBOOK.replace('# %% id="answers" role="examiner"', OPENING.replace(old, new, 1))
    assert any(expected in problem for problem in problems_of(tmp_path, notebook=notebook))


def test_only_an_examiner_cell_comes_before_all_hidden_checks(tmp_path):
    notebook = NOTEBOOK.replace('# %% id="imports" role="setup"', '# %% id="imports" role="setup" before_hidden=true')
    assert any(
        "'before_hidden' means nothing on a setup cell" in problem
        for problem in problems_of(tmp_path, notebook=notebook)
    )
