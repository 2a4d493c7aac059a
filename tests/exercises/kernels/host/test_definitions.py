"""The definition that a kernel works by."""

import pytest

from exercises.kernels import lessons
from exercises.kernels.host.definitions import find_definition
from exercises.sandbox.errors import SandboxError


def test_it_works(exercise, definition):
    assert find_definition(exercise.version.pk).id == definition.id


def test_all_lessons_have_one():
    assert find_definition(lessons.VERSION) is lessons.DEFINITION


def test_a_version_that_is_gone_is_a_fault_of_ours(db):
    with pytest.raises(SandboxError, match="no version 404"):
        find_definition(404)
