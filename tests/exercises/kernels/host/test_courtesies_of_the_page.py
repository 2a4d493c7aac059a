"""What cannot work in a notebook is answered in the page as in grading: on the real jail."""

import pytest

from exercises.assignment.definition import Limits
from exercises.grading import zygotes
from exercises.sandbox.run import Job, run
from tests.exercises.kernels.host.test_kernel_host import Page, outputs, page, printed, start_host, zygote_addresses

pytestmark = [pytest.mark.jail, pytest.mark.django_db(transaction=True)]
__all__ = ["Page", "page", "start_host", "zygote_addresses"]
SOURCES = (
    "%pip install seaborn",
    "!pip list",
    "import torch",
    "import keras; keras.datasets.mnist.load_data()",
    "input()",
    "breakpoint()",
)


def of_the_page(page, source):
    events = page.run(source)
    return printed(events), "".join(output.get("evalue", "") for output in outputs(events))


def of_the_grader(source):
    job = Job(cells=(("cell", source),), checks=(), seed=7, limits=Limits(wall_seconds=30), held_out={})
    address = zygotes.zygote_of("tf-2.21").address
    cell = run(job, address=address, on_event=lambda *event: None, is_cancelled=lambda: False).cells["cell"]
    return cell.output, (cell.error or {}).get("message", "")


def test_page_and_grader_say_the_same(page, start_host):
    start_host()
    for source in SOURCES:
        said = of_the_page(page, source)
        assert said == of_the_grader(source) and len(said[0] + said[1]) > 50
