"""Our lessons keep to the measure: words, checkpoints, a figure, what they promise and where they lead."""

import pytest

from tests.content import lessons

each = pytest.mark.parametrize("lesson", lessons.LESSONS, ids=[file.parent.name for file in lessons.LESSONS])


@each
def test_it_is_neither_short_nor_long(lesson):
    words = len(lessons.without_code(lessons.body(lesson)).split())
    assert 900 <= words <= 1600, f"{lesson}:1: {words} words of prose; 900 to 1,600 fit in a sitting"


@each
def test_it_has_four_checkpoints_and_a_figure_with_words(lesson):
    text = lessons.body(lesson)
    assert text.count("\n::: checkpoint ") == 4, (
        f"{lesson}:1: four checkpoints: predict, compute, find the bug, transfer"
    )
    assert text.count("\n::: figure ") >= 1, f"{lesson}:1: at least one figure"


@each
def test_it_says_where_it_comes_from_and_where_it_leads(lesson):
    front = lessons.front_matter(lesson)
    missing = [key for key in ("objectives", "prerequisites", "further", "sources") if not front.get(key)]
    assert not missing, f"{lesson}:1: the front matter has no {', '.join(missing)}"
    assert "\n::: changed\n" in lessons.body(lesson), f"{lesson}:1: no box `::: changed`"
