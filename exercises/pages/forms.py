"""What pages send: a notebook file, the cells of the page, an opened hint."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exercises.assignment.definition import Definition
from exercises.assignment.notebook_files import MAX_FILE_BYTES

CELL_PREFIX = "cell-"


class UploadForm(forms.Form):
    """A notebook as a file. Here only its size is checked; `read_submission` checks the content."""

    notebook = forms.FileField(
        label=_("Notebook (.ipynb)"),
        widget=forms.ClearableFileInput(attrs={"accept": ".ipynb,application/x-ipynb+json,application/json"}),
    )

    def clean_notebook(self) -> bytes:
        file = self.cleaned_data["notebook"]
        if file.size > MAX_FILE_BYTES:
            raise forms.ValidationError(
                _("This file has %(size)s bytes; at most %(limit)s are taken. Clear its outputs and try again."),
                params={"size": f"{file.size:,}", "limit": f"{MAX_FILE_BYTES:,}"},
            )
        content: bytes = file.read()
        return content


class HintForm(forms.Form):
    """A hint that was opened: it must be one of the exercise's."""

    cell = forms.CharField(max_length=60)
    stage = forms.IntegerField(min_value=1, max_value=3)

    def __init__(self, data: Any, *, definition: Definition) -> None:
        super().__init__(data)
        self.definition = definition

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        hints = {cell.id: len(cell.hints) for cell in self.definition.solution_cells}
        if values.get("stage", 1) > hints.get(values.get("cell", ""), 0):
            raise forms.ValidationError(_("There is no such hint."))
        return values


class _JSONList(forms.JSONField):
    """A list as JSON; an empty one is a value, not a missing one."""

    empty_values = (None, "")

    def clean(self, value: Any) -> list[Any] | None:
        cells = super().clean(value)
        if not isinstance(cells, list | None):
            raise forms.ValidationError(_("This is not a list of cells."))
        return cells


class ScratchForm(forms.Form):
    """The learner's own cells, or None where none were sent. The service checks what they hold."""

    scratch = _JSONList(required=False)


class DraftForm(ScratchForm):
    """A draft as JSON: {"base": revision, "sources": {cell id: text}, "scratch": [cell, …]}, the last optional.

    The service checks what the cells hold.
    """

    base = forms.IntegerField(min_value=0)
    sources = forms.JSONField()

    @classmethod
    def from_body(cls, body: bytes) -> "DraftForm":
        try:
            document = json.loads(body)
        except (ValueError, RecursionError):
            document = None
        if not isinstance(document, dict):
            document = {}
        return cls({name: document.get(name) for name in ("base", "sources", "scratch")})

    def clean_sources(self) -> dict[str, Any]:
        sources = self.cleaned_data["sources"]
        if not isinstance(sources, dict):
            raise forms.ValidationError(_("sources is an object: cell id → text."))
        return sources


def posted_sources(post: Any, definition: Definition) -> dict[str, str]:
    """Return the text areas of a page by cell id; other fields are ignored."""
    names = {cell.id: f"{CELL_PREFIX}{cell.id}" for cell in definition.solution_cells}
    return {cell_id: post[name] for cell_id, name in names.items() if name in post}
