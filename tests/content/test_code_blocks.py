"""The Python in our lessons runs: all blocks of a lesson, in order, in one jailed kernel, and it prints what the lesson says.

A block marked `python norun` is not run (they are few, and counted here). An untagged block right after one that runs is
what that one prints, pictures aside; `text varies` marks an output that depends on the machine.
"""

import itertools
import re

import pytest

from exercises.assignment.definition import Limits
from exercises.grading import zygotes
from exercises.sandbox.run import Job, run
from tests.content import lessons

MOST_NOT_RUN = 1  # blocks of a lesson
PICTURE = re.compile(r"<Figure size \d+x\d+ with \d+ Axes>\n?")  # what stands in a text for a picture of matplotlib
each = pytest.mark.parametrize("lesson", lessons.LESSONS, ids=[file.parent.name for file in lessons.LESSONS])


def problems(lesson, address):
    """Return what does not run, or prints something else, as file:line: message."""
    found = lessons.blocks(lesson)
    code = {str(block.line): block for block in found if block.language == "python" and "norun" not in block.words}
    job = Job(cells=tuple((line, block.text) for line, block in code.items()), checks=(), seed=1, limits=Limits())
    result = run(job, address=address, on_event=lambda *_: None)
    for line in code:
        cell = result.cells.get(line)
        if cell is None or cell.status != "ok":
            error = cell.error if cell and cell.error else {"name": result.ending, "message": "did not run"}
            return [f"{lesson}:{line}: {error['name']}: {error['message']}"]
    return [
        f"{lesson}:{said.line}: the block before prints\n{result.cells[str(block.line)].output}"
        for block, said in itertools.pairwise(found)
        if str(block.line) in code and said.is_next and said.language in ("", "text") and "varies" not in said.words
        and said.text.split() != PICTURE.sub("", result.cells[str(block.line)].output).split()
    ]  # fmt: skip


@pytest.mark.jail
@each
def test_every_block_runs_and_prints_what_it_says(lesson):
    assert not problems(lesson, zygotes.zygote_of("tf-2.21").address)


@each
def test_few_blocks_are_not_run(lesson):
    skipped = [block.line for block in lessons.blocks(lesson) if "norun" in block.words]
    assert len(skipped) <= MOST_NOT_RUN, f"{lesson}:{skipped}: more than {MOST_NOT_RUN} block that does not run"


@pytest.mark.jail
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```python\nx = 2\n```\n```python\nprint(x)\n```\n\n```\n2\n```\n", ""),
        ("```python\nprint(3)\n```\n```text varies\n4\n```\n", ""),
        ("```python norun\n1 / 0\n```\n", ""),
        ("```python\nx = 2\n```\n\nWords.\n\n```python\nprint(y)\n```\n", ":8: NameError: name 'y' is not defined"),
        ("```python\nprint(3)\n```\n\n```\n4\n```\n", ":6: the block before prints\n3\n"),
        ("```python\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\nprint(3)\n```\n\n```\n3\n```\n", ""),
    ],
)
def test_the_check_itself(tmp_path, text, expected):
    (tmp_path / "lesson.md").write_text(text)
    found = problems(tmp_path / "lesson.md", zygotes.zygote_of("tf-2.21").address)
    assert [problem.removeprefix(str(tmp_path / "lesson.md")) for problem in found] == ([expected] if expected else [])
