"""The body of a request stays bytes, and no more of it is read than a notebook may have."""

from io import BytesIO

from exercises.api.parsers import IpynbParser, JsonNotebookParser
from exercises.assignment.notebook_files import MAX_FILE_BYTES


def test_the_body_is_left_alone():
    assert JsonNotebookParser().parse(BytesIO(b'{"not": "read"')) == b'{"not": "read"'


def test_one_byte_too_many_is_enough_to_know():
    assert len(IpynbParser().parse(BytesIO(b"x" * (MAX_FILE_BYTES + 100)))) == MAX_FILE_BYTES + 1
