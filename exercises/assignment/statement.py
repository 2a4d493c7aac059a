"""A text cell → HTML for the exercise's page. The same Markdown as a lesson's, without figures and checkpoints."""

import re

from learnpaths.catalog.markdown import render_fragment, render_page

FENCE = re.compile(r"^\s*(```|~~~)")


def render_statement(source: str, *, cell_id: str) -> tuple[str, list[tuple[int, str]]]:
    """Return a text cell as HTML that is safe to show, and its problems as (line from 0, message).

    A notebook's `# Title` is left out where it opens the cell (the page has its own) and is a `##` elsewhere.
    """
    rendering = render_page(_page_levels(source), first_line=0)
    problems = list(rendering.problems)
    problems += [(line, "Figures belong to lessons.") for _, line in rendering.figures]
    problems += [(line, "Checkpoints belong to lessons.") for _, line in rendering.checkpoints]
    # A page has several text cells, and two of them may have the same heading.
    return rendering.html.replace(' id="s-', f' id="{cell_id}-'), problems


def statement_links(source: str) -> list[str]:
    """Return the addresses that a text cell links to."""
    return [href for href, _ in render_page(source).links]


def render_hint(text: str) -> str:
    """Return a hint as HTML that is safe to show."""
    return render_fragment(text).html


def _page_levels(source: str) -> str:
    lines = source.splitlines()
    is_code = False
    for number, line in enumerate(lines):
        if FENCE.match(line):
            is_code = not is_code
        elif not is_code and re.match(r"#\s", line):
            lines[number] = "" if number == 0 else f"#{line}"
    return "\n".join(lines)
