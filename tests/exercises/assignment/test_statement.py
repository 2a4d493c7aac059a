"""A text cell as HTML for the exercise's page."""

from exercises.assignment.statement import render_hint, render_statement, statement_links

SOURCE = "# Title\n\nText with [a link](/paths/) and $a + b$.\n\n## Part\n\n```\n# no heading\n```\n\n# Another\n"


def test_the_cells_title_is_left_to_the_page_and_later_ones_are_smaller():
    html, problems = render_statement(SOURCE, cell_id="story")
    assert problems == [] and "Title" not in html and "<h1" not in html
    assert html.count("<h2") == 2 and "# no heading" in html


def test_the_ids_of_headings_are_the_cells_own():
    html, _ = render_statement(SOURCE, cell_id="story")
    assert 'id="story-part"' in html and 'id="s-' not in html


def test_what_belongs_to_lessons_is_a_problem_with_its_line():
    source = "Text.\n\n::: figure bowl\nA bowl.\n:::\n\n::: checkpoint first\n:::\n"
    _, problems = render_statement(source, cell_id="story")
    assert problems == [(2, "Figures belong to lessons."), (6, "Checkpoints belong to lessons.")]


def test_no_html_of_an_author_passes():
    html, _ = render_statement("<script>alert(1)</script>", cell_id="story")
    assert "<script>" not in html and "<script>" not in render_hint("<script>alert(1)</script>")


def test_links_are_listed():
    assert statement_links(SOURCE) == ["/paths/"]


def test_a_hint_is_a_fragment():
    assert "<strong>operators</strong>" in render_hint("Look at **operators**.")
