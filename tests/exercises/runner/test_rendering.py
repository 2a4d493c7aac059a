"""Markdown and LaTeX outputs as the page can show them."""

import pytest

from exercises.runner import rendering

from .in_runtime import assert_holds, names_of
from .in_runtime import rendering as cases


@pytest.mark.jail
@pytest.mark.xdist_group("in_runtime")
@pytest.mark.parametrize("case", names_of(cases))
def test_it_holds_in_the_runtime(runtime_outcomes, case):
    assert_holds(runtime_outcomes, cases, case)


def test_markdown_is_html_without_what_its_author_wrote_in_html():
    html = rendering.rendered({"text/markdown": "**bold** <script>x</script>"})["text/html"]
    assert "<strong>bold</strong>" in html and "<script>" not in html


@pytest.mark.parametrize(
    "data",
    [
        {"text/html": "<b>x</b>", "text/markdown": "x"},
        {"image/png": "", "text/latex": "$x$"},
        {"text/plain": "x"},
        {"text/markdown": "x" * (rendering.MAX_TEXT + 1)},
        {"text/markdown": 5},
    ],
)
def test_what_is_shown_already_or_cannot_be_has_nothing_beside_it(data):
    assert rendering.rendered(data) == {}


def test_only_outputs_are_changed_on_their_way():
    sent = []
    send = rendering.rendering(lambda stream, message, content=None: sent.append(content or message["content"]))
    send(None, "display_data", {"data": {"text/markdown": "x"}})
    send(None, {"header": {"msg_type": "execute_result"}, "content": {"data": {"text/markdown": "x"}}})
    send(None, "stream", {"data": {"text/markdown": "x"}})
    assert [sorted(content["data"]) for content in sent] == [["text/html", "text/markdown"]] * 2 + [["text/markdown"]]
