"""Outputs of a kernel, which may send anything: what is kept, what is cut, what is said about it."""

import base64
import math

import pytest

from exercises.assignment.definition import Limits
from exercises.runner.printed import collapse
from exercises.sandbox.outputs import FIT, MAX_RICH_PER_CELL, CellOutputs, Quota, find_line

LIMITS = Limits(output_bytes_per_cell=2_048, output_bytes=4_096)
PIXEL = base64.b64encode(b"\x89PNG" + bytes(60)).decode()


@pytest.fixture
def outputs():
    return CellOutputs("a\nb\nc", limits=LIMITS, quota=Quota(LIMITS.output_bytes))


def taken(outputs, kind, content):
    return list(outputs.take(kind, content))


def printed(said):
    return "".join(output["text"] for _, output in said if output["output_type"] == "stream")


def test_it_works(outputs):
    assert taken(outputs, "stream", {"name": "stdout", "text": "hi\n"}) == [
        ("output", {"output_type": "stream", "name": "stdout", "text": "hi\n"})
    ]
    said = taken(outputs, "execute_result", {"data": {"text/plain": "2"}, "metadata": {}, "execution_count": 4})
    assert said == [
        ("output", {"output_type": "execute_result", "data": {"text/plain": "2"}, "metadata": {}, "execution_count": 4})
    ]


def test_text_is_cut_once_and_says_so(outputs):
    said = [item for _ in range(50) for item in taken(outputs, "stream", {"name": "stdout", "text": "x" * 99 + "\n"})]
    text = printed(said)
    assert text.count("x") <= LIMITS.output_bytes_per_cell
    assert text.count("this cell is cut after 2 KiB") == 1
    assert said[-1][1]["name"] == "stderr"


def test_cells_of_one_run_share_a_quota():
    quota = Quota(1_000)
    first, second = (CellOutputs("", limits=LIMITS, quota=quota) for _ in range(2))
    taken(first, "stream", {"text": "x" * 900})
    assert "a run may print 4 KiB in all" in printed(taken(second, "stream", {"text": "y" * 900}))


def test_what_the_jail_has_cut_is_named(outputs):
    assert "this cell is cut" in printed(taken(outputs, "stream", {"text": "x", "cut": 10**8}))
    assert taken(outputs, "stream", {"text": "more"}) == []


def test_a_progress_bar_counts_once(outputs):
    for step in range(2_000):
        said = taken(outputs, "stream", {"name": "stdout", "text": f"\x08\x08\x08\r{step:5} done"})
        assert said == [("output", {"output_type": "stream", "name": "stdout", "text": f"\r{step:5} done"})]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain\n", "plain\n"),
        ("a\rb\rc\n", "\rc\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("one\n\x08\x08\x08\r10%\x08\x08\x08\r20%", "one\n\r20%"),
        ("bar\r", "bar"),
        ("abc\x08\x08X", "aX"),
    ],
)
def test_written_over(text, left):
    assert collapse(text) == left


def test_clearing_makes_room(outputs):
    taken(outputs, "stream", {"text": "x" * 3_000})
    assert taken(outputs, "clear_output", {"wait": True}) == [("output", {"output_type": "clear_output", "wait": True})]
    assert printed(taken(outputs, "stream", {"text": "again"})) == "again"


def test_only_kinds_of_the_list_are_kept(outputs):
    data = {
        "text/plain": "p", "text/html": "<b>", "image/png": PIXEL + "\n", "image/svg+xml": "<svg/>",
        "application/json": {"a": [1]}, "application/javascript": "alert(1)", "text/x-other": "no",
    }  # fmt: skip
    [(_, output)] = taken(outputs, "display_data", {"data": data, "metadata": {"image/png": {"width": 3, "x": "y"}}})
    assert output["data"] == {
        "text/plain": "p",
        "text/html": "<b>",
        "image/png": PIXEL,
        "image/svg+xml": "<svg/>",
        "application/json": {"a": [1]},
    }
    assert output["metadata"] == {"image/png": {"width": 3}}


@pytest.mark.parametrize("content", [
    {"data": {"image/png": "A" * (3 * 2**20)}},
    {"data": {"image/png": "A" * (30 * 2**20)}},
    {"data": {}, "too_large": {"image/png": 40_000_000}},
])  # fmt: skip
def test_a_large_picture_is_left_out_and_named(outputs, content):
    said = taken(outputs, "display_data", content)
    assert [output["output_type"] for _, output in said] == ["stream"]
    assert "A picture was left out: it may have 2 MiB" in printed(said)


def test_a_large_table_is_left_out_but_its_text_stays(outputs):
    said = taken(outputs, "display_data", {"data": {"text/html": "<td>" * 2**18, "text/plain": "small"}})
    assert "An output was left out" in printed(said) and said[-1][1]["data"] == {"text/plain": "small"}


def test_many_pictures_are_cut(outputs):
    picture = base64.b64encode(bytes(2**20)).decode()
    said = [item for _ in range(20) for item in taken(outputs, "display_data", {"data": {"image/png": picture}})]
    shown = [output for _, output in said if output["output_type"] == "display_data"]
    assert 0 < sum(len(output["data"]["image/png"]) for output in shown) <= MAX_RICH_PER_CELL
    assert printed(said).count("a cell may show 8 MiB") == 1


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("stream", {}),
        ("stream", {"text": None, "name": 3}),
        ("display_data", {}),
        ("display_data", {"data": [1]}),
        ("display_data", {"data": {"image/png": "not base64 <script>"}}),
        ("display_data", {"data": {"text/html": {"a": 1}}}),
        ("execute_result", {"data": {"text/plain": "x"}, "execution_count": "many"}),
        ("display_data", {"data": {FIT: "nonsense"}}),
        ("display_data", {"data": {FIT: {"fit": 1, "epoch": 1, "values": {"loss": math.inf}, "seconds": 1}}}),
        ("display_data", {"data": {FIT: {"fit": True, "epoch": 1, "values": {}, "seconds": 1}}}),
        ("error", {"traceback": 5}),
    ],
)
def test_nonsense_never_raises_and_is_named_once(outputs, kind, content):
    said = taken(outputs, kind, content) + taken(outputs, kind, content)
    assert printed(said).count("could not be read") <= 1
    assert all(output.get("output_type") != "display_data" for _, output in said)


def test_unknown_messages_are_nothing(outputs):
    assert taken(outputs, "comm_open", {"data": {}}) == []


def test_an_epoch_becomes_metrics(outputs):
    report = {"fit": 1, "epoch": 2, "epochs": 3, "values": {"loss": 0.123456789}, "seconds": 0.5}
    [(name, said)] = taken(outputs, "display_data", {"data": {FIT: report}})
    assert name == "metrics"
    assert said == {"fit": 1, "epoch": 2, "epochs": 3, "values": {"loss": 0.123457}, "seconds": 0.5}


def test_an_error_names_the_line(outputs):
    traceback = [
        "\x1b[36mCell\x1b[39m\x1b[36m \x1b[39m\x1b[32mIn[7]\x1b[39m\x1b[32m, line 3\x1b[39m",
        "Cell In[2], line 9",
    ]
    [(_, output)] = taken(outputs, "error", {"ename": "ValueError", "evalue": "no", "traceback": traceback})
    assert output["line"] == 3 and outputs.error == "ValueError" and output["traceback"] == traceback


@pytest.mark.parametrize("line", ["Cell In[7], line 99", "Cell In[7], line 0", "File x.py, line 2", ""])
def test_a_line_outside_of_the_cell_is_not_named(outputs, line):
    [(_, output)] = taken(outputs, "error", {"ename": "E", "evalue": "", "traceback": [line]})
    assert "line" not in output


def test_the_line_is_the_last_one_of_the_newest_cell():
    assert find_line(["Cell In[3], line 4", "Cell In[3], line 2", "Cell In[1], line 8"]) == 2


def test_a_long_traceback_keeps_its_end(outputs):
    lines = [f"line {number} " + "x" * 1_000 for number in range(100)]
    [(_, output)] = taken(outputs, "error", {"ename": "E", "evalue": "x" * 9_000, "traceback": lines})
    assert output["traceback"][0] == "…" and output["traceback"][-1] == lines[-1]
    assert sum(map(len, output["traceback"])) < 40_000 and len(output["evalue"]) == 2_000
