import re

import pytest

from learnpaths.catalog.markdown import render_fragment, render_page


def test_it_works():
    page = render_page("## Loss & slope\n\nA *text* with `code`.\n")
    assert page.html == '<h2 id="s-loss-slope">Loss &amp; slope</h2>\n<p>A <em>text</em> with <code>code</code>.</p>\n'
    assert page.contents == [{"level": 2, "id": "s-loss-slope", "title": "Loss & slope"}]
    assert page.text == "Loss & slope A text with code ."
    assert page.problems == []


def test_maths_become_mathml():
    html = render_page("Inline $x_1$.\n\n$$\n\\frac{a}{b}\n$$\n").html
    assert '<math display="inline"' in html
    assert "<msub><mi>x</mi><mn>1</mn></msub>" in html
    assert '<div class="maths" tabindex="0"><math display="block">' in html
    assert "<mfrac>" in html


def test_code_is_highlighted_with_classes_and_no_styles():
    html = render_page('```python\ndef f():\n    return "<b>"\n```\n').html
    assert '<span class="k">def</span>' in html
    assert "&lt;b&gt;" in html
    assert "style=" not in html


def test_python_says_whether_it_runs_and_is_a_cell():
    page = render_page(
        "```python\nx = 2\n```\n\n```python run\nx < 3\n```\n\n```python norun\n1 / 0\n```\n\n```\n3\n```\n"
    )
    assert page.problems == []
    assert re.findall(r"<pre[^>]*>", page.html) == [
        '<pre class="code" tabindex="0" data-python="">',
        '<pre class="code" tabindex="0" data-python="run">',
        '<pre class="code" tabindex="0">',
        '<pre class="code" tabindex="0">',
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("```text run\nx\n```", "is for blocks of Python"),
        ("```python run norun\nx\n```", "is for blocks of Python"),
        ("- ```python run\n  x\n  ```", "stands in no list"),
        ("::: note\n```python run\nx\n```\n:::", "stands in no list"),
    ],
)
def test_a_cell_is_of_python_and_stands_alone(text, message):
    assert [message in problem for _, problem in render_page(text).problems] == [True]


def test_a_fragment_has_no_cell():
    assert "stands in no list" in render_fragment("```python run\nx\n```").problems[0][1]


def test_table_is_aligned_without_style_attributes():
    html = render_page("| a | b |\n|---|--:|\n| 1 | 2 |\n").html
    assert '<td data-align="right">2</td>' in html
    assert "style=" not in html


def test_containers():
    page = render_page(
        "::: figure bowl\nA *bowl*.\n:::\n\n::: checkpoint first\n:::\n"
        "::: changed\nIt did.\n:::\n::: note\nAside.\n:::\n",
        first_line=10,
    )
    assert page.figures == [("bowl", 10)]
    assert page.checkpoints == [("first", 14)]
    assert (
        '<figure class="figure" data-figure="bowl"><div class="stage"></div><figcaption>\n<p>A <em>bowl</em>.'
        in page.html
    )
    assert '<div data-checkpoint="first"></div>' in page.html
    assert '<p class="box-title">What changed since</p>' in page.html
    assert page.problems == []


def test_container_ends_a_paragraph_and_code_keeps_its_colons():
    page = render_page("Text\n::: note\nAside\n:::\n\n```text\n::: nothing\n```\n")
    assert page.problems == []
    assert "<p>Text</p>" in page.html
    assert "::: nothing" in page.html


def test_footnote():
    html = render_page("A[^1]\n\n[^1]: Note.\n").html
    assert 'href="#fn1"' in html
    assert 'id="fn1"' in html


def test_headings_with_the_same_words_get_different_ids():
    page = render_page("## Step\n\n## Step\n\n### Step\n")
    assert [heading["id"] for heading in page.contents] == ["s-step", "s-step-2", "s-step-3"]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a\n\n<script>alert(1)</script>\n", 3, "HTML is not allowed"),
        ("see <b>this</b>\n", 1, "HTML is not allowed"),
        ("# Title\n", 1, "Headings are ##"),
        ("x\n\n$\\frac{1}{$\n", 3, "LaTeX not understood"),
        ("$\\nosuch x$\n", 1, "Unknown LaTeX command \\nosuch"),
        ("```klingon\nx\n```\n", 1, "Unknown language 'klingon'"),
        ("![cat](cat.png)\n", 1, "Pictures are not supported"),
        ("[x](javascript:alert(1))\n", 1, "A link may start with"),
        ("::: video cat\n:::\n", 1, "Unknown container `video`"),
        ("::: figure\n:::\n", 1, "needs one id"),
        ("::: figure Not_an_id\n:::\n", 1, "needs one id"),
        ("::: note extra\n:::\n", 1, "takes nothing after it"),
        ("::: note\nText\n", 1, "is not closed"),
        ("Text\n\n:::\n", 3, "closes nothing"),
    ],
)
def test_problem_has_its_line(text, line, words):
    problems = render_page(text).problems
    assert [(found, words in message) for found, message in problems][:1] == [(line, True)], problems


@pytest.mark.parametrize(
    "text",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "$\\text{<script>alert(1)</script>}$",
        '```python\n<script>alert("x")</script>\n```',
        "[x](https://e.org 'a\" onclick=\"alert(1)')",
    ],
)
def test_nothing_that_runs_survives(text):
    html = render_page(text).html.lower()
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert " onclick=" not in html.replace("&quot; onclick=", "")


def test_fragment_has_no_headings_or_containers():
    assert render_fragment("# No", line=7).problems[0] == (7, "A heading has no place here.")
    assert "::: note" in render_fragment("::: note\nx\n:::\n").html
