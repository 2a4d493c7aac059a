"""Notebooks out and in: what a learner gets, and everything that can come back."""

import json

import nbformat
import pytest

from exercises.assignment.notebook import (
    MAX_BYTES,
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
    assert intake.repairs == ["Cells that you added are not graded and were left out: #3."]


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
    notebook["cells"][0]["source"] = "x" * MAX_BYTES
    assert "at most 2,097,152 are taken" in refusal(notebook, definition)


def test_too_many_cells_are_refused(definition, notebook):
    notebook["cells"] += [{"cell_type": "markdown", "metadata": {}, "source": ""}] * 500
    assert "at most 500" in refusal(notebook, definition)


def test_a_deleted_solution_cell_is_named(definition, notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] if cell["id"] != "twice"]
    assert refusal(notebook, definition).startswith("[twice] This cell is missing.")


def test_a_copied_cell_is_refused_because_we_cannot_know_which_counts(definition, notebook):
    notebook["cells"].append({**cell_of(notebook, "add"), "id": "copy"})
    assert "[add] Two cells have this id" in refusal(notebook, definition)


def test_an_unknown_id_is_named(definition, notebook):
    cell_of(notebook, "add")["metadata"]["learnpaths"]["id"] = "subtract"
    assert "'subtract' is not the id of a cell" in refusal(notebook, definition)


@pytest.mark.parametrize("cell_id", ["answers", "adds-unseen"])
def test_hidden_cells_cannot_be_sent(definition, notebook, cell_id):
    cell_of(notebook, "story")["metadata"]["learnpaths"]["id"] = cell_id
    assert "is not the id of a cell" in refusal(notebook, definition)


@pytest.mark.parametrize("cell_id", [7, None, [], {"a": 1}, "add\0", "\ud800"])
def test_an_id_of_the_wrong_kind_is_refused(definition, notebook, cell_id):
    cell_of(notebook, "add")["metadata"]["learnpaths"]["id"] = cell_id
    del cell_of(notebook, "add")["id"]
    assert refusal(notebook, definition)


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
