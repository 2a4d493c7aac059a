import pytest

from learnpaths.catalog.models import Path
from learnpaths.search.course_entries import lesson_entries, path_entries, split_sections, term_entries

BODY = """<p>Before <em>all</em>, <math><mi>w</mi></math>.</p>
<h2 id="s-one">One &amp; <code>two</code></h2><p>Text of one.</p><pre class="code" tabindex="0"><code><span>x</span> = 1</code></pre>
<h4 id="s-deep">Deep</h4><p>still one</p>
<h3 id="s-three">Three</h3><p>Text.</p>"""


def test_a_lesson_is_split_at_its_headings():
    first, one, three = split_sections(BODY)
    assert (first.anchor, first.text) == ("", "Before all,.")
    assert (one.anchor, one.title, one.text, one.code) == ("s-one", "One & two", "Text of one. Deep still one", "x = 1")
    assert three.title == "Three"


@pytest.mark.django_db
def test_entries_say_where_they_stand_and_what_they_teach(garden):
    entries = {entry.key: entry for entry in (*lesson_entries(), *path_entries(), *term_entries())}
    assert entries.keys() >= {
        "path/garden",
        "lesson/seeds",
        "lesson/seeds#s-down-the-slope",
        "lesson/water",
        "term/slope",
    }
    section = entries["lesson/seeds#s-down-the-slope"]
    assert section.url == "/paths/garden/seeds/#s-down-the-slope"
    assert section.trail == "A small garden › Seeds and their slope"  # noqa: RUF001
    assert section.terms == "Slope; Steepness; Angle of fall"
    assert "def step" in entries["lesson/seeds#s-in-code"].code
    assert entries["term/slope"].url == "/glossary/#slope"


@pytest.mark.django_db
def test_retired_paths_have_no_entries(garden):
    Path.objects.update(is_listed=False)
    assert [*lesson_entries(), *path_entries()] == []
