"""Notebooks out and in: what a learner gets, and everything that can come back."""

import json

import nbformat
import pytest

from exercises.assignment.notebook_files import (
    MAX_BYTES,
    MAX_FILE_BYTES,
    InvalidNotebook,
    check_sources,
    learner_notebook,
    read_submission,
)


def cell_of(notebook, cell_id):
    return next(cell for cell in notebook["cells"] if cell["id"] == cell_id)


def take(notebook, definition):
    return read_submission(json.dumps(notebook).encode(), definition)


def refusal(raw, definition):
    with pytest.raises(InvalidNotebook) as refused:
        read_submission(raw if isinstance(raw, bytes) else json.dumps(raw).encode(), definition)
    return " ".join(f"[{problem.cell}] {problem.message}" for problem in refused.value.problems)


def test_the_learners_copy_is_a_valid_notebook(definition):
    notebook = learner_notebook(definition)
    nbformat.validate(nbformat.from_dict(notebook))
    assert notebook["metadata"]["learnpaths"] == {"exercise": "add", "version": definition.digest()}
    assert [cell["metadata"]["learnpaths"]["id"] for cell in notebook["cells"]] == [
        "story", "imports", "add", "twice", "check-tools", "adds", "hidden-checks",
    ]  # fmt: skip
    assert "Adds unseen numbers (3 points)" in notebook["cells"][-1]["source"]
    assert cell_of(notebook, "add")["source"].endswith("raise NotImplementedError")


def test_it_comes_back_as_it_went(definition, notebook, answers):
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert intake.repairs == []


def test_an_untouched_copy_holds_the_starters(definition):
    assert take(learner_notebook(definition), definition).sources == definition.starter_sources()


def test_sources_may_be_lists_of_lines_with_any_line_ends(definition, notebook):
    cell_of(notebook, "add")["source"] = ["def add(a, b):\r\n", "    return a + b"]
    assert take(notebook, definition).sources["add"] == "def add(a, b):\n    return a + b"


def test_outputs_and_foreign_metadata_are_dropped(definition, notebook, answers):
    cell_of(notebook, "add").update(outputs=[{"output_type": "stream", "text": "x" * 1000}], execution_count=7)
    cell_of(notebook, "add")["metadata"]["trusted"] = True
    assert take(notebook, definition).sources == answers


def test_reordered_cells_are_put_back(definition, notebook, answers):
    notebook["cells"].reverse()
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert "another order" in intake.repairs[0]


def test_added_cells_are_left_out_and_named(definition, notebook, answers):
    notebook["cells"].insert(2, {"cell_type": "code", "id": "f00", "metadata": {}, "source": "print(1)"})
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert intake.repairs == ["Cells that you added and that no other cell needs were left out: #3."]


def test_edited_and_deleted_locked_cells_are_restored(definition, notebook, answers):
    cell_of(notebook, "imports")["source"] = "import os"
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "adds"]
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert "edited run as the exercise has them: imports" in intake.repairs[0]
    assert "deleted were put back: adds" in intake.repairs[1]


def test_a_stripped_notebook_is_matched_by_cell_ids(definition, notebook, answers):
    notebook["metadata"] = {}
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert "did not say which exercise" in intake.repairs[0]


def test_another_version_is_taken_and_said(definition, notebook, answers):
    notebook["metadata"]["learnpaths"]["version"] = "sha256:0"
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert "another version" in intake.repairs[0]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "not JSON"),
        (b"\x00\xff\xfe", "not JSON"),
        (b"PK\x03\x04 a zip", "not JSON"),
        (b"[" * 1_000_000, "nested too deeply"),
        (b'{"cells":' * 100_000, "nested too deeply"),
        (b"1" * 5000, "not JSON"),
        (b'"text"', "not a notebook"),
        (b"[]", "not a notebook"),
        (b"{}", "not a notebook"),
        (b'{"nbformat": 4, "cells": {}}', "not a notebook"),
        (b'{"nbformat": 4, "cells": null}', "not a notebook"),
        (b'{"nbformat": 3, "worksheets": []}', "format 3; save it in format 4"),
        (b'{"nbformat": 5, "cells": []}', "format 5"),
        (b'{"nbformat": "4", "cells": []}', "format '4'"),
        (b'{"nbformat": true, "cells": []}', "format True"),
        (b'{"nbformat": 4, "cells": [1]}', "[#1] This cell is not written as a cell"),
        (b'{"nbformat": 4, "cells": [{"source": {}}]}', "[#1] This cell is not written as a cell"),
        (b'{"nbformat": 4, "cells": [{"source": [1]}]}', "[#1] This cell is not written as a cell"),
        (b'{"nbformat": 4, "cells": []}', "[add] This cell is missing"),
        (b'{"nbformat": 4, "cells": [], "metadata": 7}', "[add] This cell is missing"),
        (b'{"nbformat": 4, "cells": [], "metadata": {"learnpaths": {"exercise": "other"}}}', "exercise ('other')"),
        (b'{"nbformat": 4, "cells": [], "metadata": {"learnpaths": {"exercise": "\\ud800"}}}', "another exercise"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_of_this_exercise_is_refused(definition, raw, expected):
    assert expected in refusal(raw, definition)


def test_too_large_is_refused(definition, notebook):
    cell_of(notebook, "add")["source"] += "#" + "x" * MAX_BYTES
    assert "at most 2,097,152 are taken" in refusal(notebook, definition)
    assert "at most 16,777,216 are read" in refusal(b" " * (MAX_FILE_BYTES + 1), definition)


def test_outputs_are_thrown_away_before_anything_is_weighed(definition, notebook, answers):
    cell_of(notebook, "add")["outputs"] = [{"output_type": "stream", "text": "x" * (2 * MAX_BYTES)}]
    assert take(notebook, definition).sources == answers


def test_too_many_cells_are_refused(definition, notebook):
    notebook["cells"] += [{"cell_type": "markdown", "metadata": {}, "source": ""}] * 500
    assert "at most 500" in refusal(notebook, definition)


def test_a_deleted_solution_cell_is_named(definition, notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "twice"]
    assert refusal(notebook, definition).startswith("[twice] This cell is missing: no cell defines twice.")


@pytest.mark.parametrize("cell_id", ["answers", "adds-unseen", "subtract"])
def test_ids_that_are_not_the_learner_s_to_write_change_nothing(definition, notebook, answers, cell_id):
    notebook["cells"].append(code_cell("print(1)", cell_id))
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert "were left out: #8" in intake.repairs[0]


@pytest.mark.parametrize("cell_id", [7, None, [], {"a": 1}, "add\0", "\ud800"])
def test_a_cell_whose_id_is_broken_is_known_by_what_it_defines(definition, notebook, answers, cell_id):
    cell_of(notebook, "add")["metadata"]["learnpaths"]["id"] = cell_id
    cell = next(item for item in notebook["cells"] if "def add" in item["source"])
    del cell["id"]
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert "#3 is add" in intake.repairs[0]


def code_cell(source, cell_id=None):
    metadata = {"learnpaths": {"id": cell_id, "role": "solution"}} if cell_id else {}
    return {"cell_type": "code", "id": f"x{abs(hash(source))}", "metadata": metadata, "source": source, "outputs": []}


def after(notebook, cell_id, *cells):
    place = notebook["cells"].index(cell_of(notebook, cell_id)) + 1
    notebook["cells"][place:place] = cells


def test_a_copy_that_says_the_same_is_left_out(definition, notebook, answers):
    after(notebook, "adds", code_cell(answers["add"], "add"), {**cell_of(notebook, "imports"), "id": "copy"})
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert any("Copies of locked cells were left out" in repair for repair in intake.repairs)


def test_an_untouched_copy_does_not_count(definition, notebook, answers):
    after(notebook, "add", code_cell(definition.cell("add").starter, "add"))
    assert take(notebook, definition).sources == answers


def test_of_two_versions_of_a_cell_we_ask_which_counts(definition, notebook):
    after(notebook, "add", code_cell("def add(a, b):\n    return b + a", "add"))
    assert "[add] The cells #3 and #4 could both be this one." in refusal(notebook, definition)


@pytest.mark.parametrize(
    "second", ["print(add(1, 2))", "def helper(x):\n    return x", "%matplotlib inline\nadd(1, 1)"]
)
def test_a_cell_that_was_split_is_joined(definition, notebook, answers, second):
    after(notebook, "add", code_cell(second, "add"))
    intake = take(notebook, definition)
    assert intake.sources["add"] == f"{answers['add']}\n\n{second}"
    assert "was split; its parts #3 and #4 were joined" in intake.repairs[0]


def test_a_cell_that_was_cut_in_the_middle_of_a_function_is_joined(definition, notebook):
    cell_of(notebook, "add")["source"] = "def add(a, b):\n    total = a + b"
    after(notebook, "add", code_cell("    return total", "add"))
    assert take(notebook, definition).sources["add"] == "def add(a, b):\n    total = a + b\n\n    return total"


def test_without_any_id_cells_are_known_by_text_names_and_order(definition, notebook, answers):
    notebook["metadata"] = {}
    for number, cell in enumerate(notebook["cells"]):
        cell.update(metadata={}, id=f"new{number}")
    intake = take(notebook, definition)
    assert intake.sources == answers
    assert any("#3 is add; #4 is twice" in repair for repair in intake.repairs)


def test_without_ids_two_versions_are_asked_about(definition, notebook):
    for number, cell in enumerate(notebook["cells"]):
        cell.update(metadata={}, id=f"new{number}")
    notebook["cells"].insert(3, code_cell("def add(a, b):\n    return 0"))
    assert "[add] The cells #3 and #4 could both be this one." in refusal(notebook, definition)


def test_a_stranger_s_notebook_is_called_that(definition, notebook):
    notebook["cells"] = [code_cell("import os"), {"cell_type": "markdown", "metadata": {}, "source": "# My holiday"}]
    assert refusal(notebook, definition).startswith(
        "[] This is another notebook: none of its 2 cells belongs to 'Add'."
    )


def test_a_helper_in_a_cell_of_one_s_own_runs_where_it_stands(definition, notebook, answers):
    cell_of(notebook, "add")["source"] = "def add(a, b):\n    return plus(a, b)"
    after(
        notebook,
        "imports",
        code_cell("base = 0"),
        code_cell("def plus(a, b):\n    return base + a + b"),
        code_cell("print('hi')"),
    )
    intake = take(notebook, definition)
    assert (
        intake.sources["add"]
        == "base = 0\n\n\ndef plus(a, b):\n    return base + a + b\n\n\ndef add(a, b):\n    return plus(a, b)"
    )
    assert "run where they stand: #3 and #4. They are not scored." in intake.repairs[0]
    assert "were left out: #5" in intake.repairs[1]


def test_a_helper_stands_behind_the_magic_of_its_cell(definition, notebook):
    cell_of(notebook, "add")["source"] = "%%time\ndef add(a, b):\n    return plus(a, b)"
    after(notebook, "imports", code_cell("def plus(a, b):\n    return a + b"))
    assert take(notebook, definition).sources["add"].startswith("%%time\ndef plus(a, b):")


def test_a_helper_never_makes_an_untouched_cell_an_attempt(definition, notebook):
    cell_of(notebook, "add")["source"] = definition.cell("add").starter
    cell_of(notebook, "twice")["source"] = "twice = plus(2, 2)"
    after(notebook, "imports", code_cell("def plus(a, b):\n    return a + b"))
    sources = take(notebook, definition).sources
    assert sources["add"] == definition.cell("add").starter
    assert sources["twice"] == "def plus(a, b):\n    return a + b\n\n\ntwice = plus(2, 2)"


def test_a_cell_that_tests_something_is_never_taken_for_a_helper(definition, notebook, answers):
    cell_of(notebook, "twice")["source"] = "twice = add(2, two)"
    after(notebook, "add", code_cell("two = 2\nassert add(1, two) == 4"))
    assert take(notebook, definition).sources["twice"] == "twice = add(2, two)"


def test_a_solution_that_is_no_code_cell_is_refused(definition, notebook):
    cell_of(notebook, "add")["cell_type"] = "markdown"
    assert "[add] This is no longer a code cell." in refusal(notebook, definition)


@pytest.mark.parametrize(("text", "expected"), [("a\0b", "null byte"), ("a\ud800b", "lone surrogate")])
def test_text_that_cannot_be_stored_is_refused(definition, notebook, text, expected):
    cell_of(notebook, "add")["source"] = text
    assert expected in refusal(notebook, definition)


def test_all_problems_come_at_once(definition, notebook):
    cell_of(notebook, "add")["source"] = "\0"
    cell_of(notebook, "twice")["cell_type"] = "raw"
    assert refusal(notebook, definition).count("[") == 2


def test_messages_do_not_repeat_what_was_sent_at_length(definition, notebook):
    notebook["metadata"]["learnpaths"]["exercise"] = "\u202e<script>" * 10_000
    message = refusal(notebook, definition)
    assert len(message) < 300 and message.isascii()


@pytest.mark.parametrize(
    "sources",
    [{"add": "x"}, {"add": "x", "twice": 7}, {"add": "x", "twice": "y", "imports": "z"}, {"add": "\0", "twice": ""}],
)
def test_sources_from_a_page_are_checked_by_the_same_rules(definition, sources):
    assert check_sources(definition, sources)


def test_good_sources_have_no_problems(definition, answers):
    assert check_sources(definition, answers) == []
