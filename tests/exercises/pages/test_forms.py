"""Forms of the pages: what is sent is read as what it is, and the rest is refused."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from exercises.assignment.notebook_files import MAX_FILE_BYTES
from exercises.pages.forms import DraftForm, HintForm, ScratchForm, UploadForm, posted_sources


def draft(**document):
    return DraftForm.from_body(json.dumps({"base": 1, "sources": {"add": "x"}, **document}).encode())


def test_a_draft_has_a_base_sources_and_perhaps_scratch_cells():
    form = draft()
    assert form.is_valid() and form.cleaned_data == {"base": 1, "sources": {"add": "x"}, "scratch": None}
    assert draft(scratch=[]).is_valid()


@pytest.mark.parametrize("changes", [{"base": -1}, {"base": None}, {"sources": ["add"]}, {"scratch": {"id": "a"}}])
def test_what_is_no_draft_is_refused(changes):
    assert not draft(**changes).is_valid()


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff", b"[" * 100_000])
def test_what_is_no_document_is_no_draft(body):
    form = DraftForm.from_body(body)
    assert not form.is_valid() and set(form.errors) == {"base", "sources"}


def test_no_scratch_cells_are_not_an_empty_list():
    assert [form.cleaned_data["scratch"] for form in map(checked, [{}, {"scratch": "[]"}])] == [None, []]


def checked(data):
    form = ScratchForm(data)
    assert form.is_valid(), form.errors
    return form


@pytest.mark.parametrize(
    ("data", "is_valid"),
    [
        ({"cell": "add", "stage": 2}, True),
        ({"cell": "add", "stage": 3}, False),  # it has two
        ({"cell": "twice", "stage": 1}, False),
        ({"cell": "no-such", "stage": 1}, False),
        ({"cell": "add"}, False),
    ],
)
def test_a_hint_is_one_of_the_exercise(definition, data, is_valid):
    assert HintForm(data, definition=definition).is_valid() is is_valid


def test_a_file_that_is_too_large_is_not_read():
    file = SimpleUploadedFile("a.ipynb", b"x")
    file.size = MAX_FILE_BYTES + 1
    form = UploadForm({}, {"notebook": file})
    assert "at most" in form.errors["notebook"][0]
    assert UploadForm({}, {"notebook": SimpleUploadedFile("a.ipynb", b"{}")}).is_valid()


def test_only_the_text_areas_of_solution_cells_are_taken(definition):
    post = {"cell-add": "a", "cell-imports": "import os", "csrfmiddlewaretoken": "t"}
    assert posted_sources(post, definition) == {"add": "a"}
