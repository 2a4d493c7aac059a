"""A lesson's body in pieces: split when it is loaded, the same page whether the pieces are stored or made when read."""

from dataclasses import asdict

from learnpaths.catalog import selectors
from learnpaths.catalog.blocks import Block, split_body
from learnpaths.catalog.markdown import render_page
from learnpaths.catalog.models import Lesson

TEXT = """First.

::: figure descent
A ball.
:::

```python run
1 + 1
```

```python
2 + 2
```

::: checkpoint one
:::

```python run
3 + 3
```
"""


def test_it_splits_at_cells_and_checkpoints():
    html = render_page(TEXT).html
    blocks = split_body(html)
    assert [(block.cell, block.checkpoint, list(block.figures)) for block in blocks] == [
        (0, "", ["descent"]),
        (1, "", []),
        (0, "", []),
        (0, "one", []),
        (2, "", []),
    ]
    assert "2" in blocks[2].html and 'data-python=""' in blocks[2].html
    assert all(block.html in html for block in blocks)


def test_an_empty_body_has_no_blocks():
    assert split_body("") == split_body("\n") == []


def test_a_load_stores_the_blocks(garden):
    lesson = Lesson.objects.get(step__slug="seeds")
    assert lesson.blocks == [asdict(block) | {"figures": []} for block in split_body(lesson.body_html)]
    assert [block["checkpoint"] for block in lesson.blocks if block["checkpoint"]] == ["sign-of-the-slope", "one-step"]


def test_the_page_is_made_of_them_and_not_of_the_body(client, garden):
    Lesson.objects.filter(step__slug="water").update(body_html="<p>not this</p>")
    assert "not this" not in client.get("/paths/garden/water/").text


def test_a_lesson_of_an_earlier_version_has_the_same_page(client, garden):
    page = client.get("/paths/garden/seeds/").text
    body = page[page.index('class="lesson-body"') : page.index("csrfmiddlewaretoken")]
    selectors.forget()
    Lesson.objects.update(blocks=[])
    client.cookies["theme"] = "dark"  # another page than the one that is kept
    assert body in client.get("/paths/garden/seeds/").text


def test_a_figure_gets_its_module_when_it_is_shown(garden):
    lesson = Lesson(blocks=[asdict(Block(html='<figure data-figure="descent"></figure>', figures=["descent"]))])
    (block,) = selectors.blocks(lesson)
    assert block.html == '<figure data-figure="descent" data-module="/static/figures/descent.js"></figure>'
    assert selectors.figure_styles(lesson)[-1] == "/static/figures/descent.css"
    assert not selectors.has_cells(lesson)
