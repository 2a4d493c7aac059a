"""The scripts find each word that they ask for, and the server sends none of them twice."""

import re

import pytest
from django.conf import settings

from exercises.assignment.report import Outcome
from exercises.pages.script_messages import LESSON, NOTEBOOK


def asked(room):
    """The words that the scripts of a folder ask for by a literal name."""
    scripts = (settings.BASE_DIR / "static/js" / room).glob("*.js")
    return {
        name
        for script in scripts
        for name in re.findall(r'(?<![.\w])say\(\s*"(\w+)"', script.read_text(encoding="utf-8"))
    }


@pytest.mark.parametrize(("room", "words"), [("notebook", NOTEBOOK), ("lesson", LESSON)])
def test_every_word_that_a_script_asks_for_is_there(room, words):
    assert asked(room) and asked(room) - words.keys() == set()


def test_every_outcome_of_a_check_has_a_word():
    assert {f"check_{outcome}" for outcome in Outcome.__args__} <= NOTEBOOK.keys()


def test_a_lesson_shares_the_words_of_the_notebook():
    shared = LESSON.keys() & NOTEBOOK.keys()
    assert "said_ok" in shared and all(LESSON[name] is NOTEBOOK[name] for name in shared)
