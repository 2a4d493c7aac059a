"""A notebook as the body of a request, or as a file in a form: its bytes, unread."""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser, MultiPartParser

from exercises.assignment.notebook_files import MAX_FILE_BYTES

__all__ = ["IpynbParser", "JsonNotebookParser", "NotebookFileParser"]


class JsonNotebookParser(BaseParser):
    """Leaves JSON to `read_submission`, which knows its limits; reads one byte more than a notebook may have."""

    media_type = "application/json"

    def parse(  # type: ignore[override]  # the stubs know no parser that leaves the body alone
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return bytes(stream.read(MAX_FILE_BYTES + 1))


class IpynbParser(JsonNotebookParser):
    media_type = "application/x-ipynb+json"


class NotebookFileParser(MultiPartParser):
    """multipart/form-data with the field `notebook`."""
