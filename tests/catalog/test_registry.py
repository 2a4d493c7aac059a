"""Upper apps add kinds of steps and of content; the catalog knows none of them."""

from pathlib import Path

import pytest

from learnpaths.catalog import registry
from learnpaths.catalog.registry import ContentKind, Counts, Reading, StepKind


@pytest.fixture(autouse=True)
def kinds(monkeypatch):
    """The registered kinds, put back afterwards."""
    monkeypatch.setattr(registry, "_step_kinds", dict(registry._step_kinds))
    monkeypatch.setattr(registry, "_content_kinds", dict(registry._content_kinds))


def content(folder, order):
    return ContentKind(folder=folder, read=lambda _: Reading(), save=lambda _: Counts(), order=order)


def test_the_kinds_of_this_site():
    assert {"lesson", "exercise"} <= registry.step_kinds().keys()
    assert [kind.folder for kind in registry.content_kinds()] == ["exercises", "paths", "credentials", "glossary"]


def test_a_kind_of_step():
    kind = StepKind("quiz", "Quiz", lambda step: f"/quizzes/{step.slug}/", folder="quizzes")
    registry.register_step_kind(kind)
    assert registry.step_kind("quiz") is kind
    assert kind.content_folder == "quizzes"
    assert StepKind("exam", "Exam", str).content_folder == "exams"


def test_an_unknown_kind_names_the_known_ones():
    with pytest.raises(KeyError, match="'quiz' is no kind of step; known: exercise, lesson"):
        registry.step_kind("quiz")


def test_content_is_saved_in_its_order_whatever_the_order_of_registering():
    registry.register_content(content("late", 99))
    registry.register_content(content("early", 1))
    registry.register_content(content("also-early", 1))
    folders = [kind.folder for kind in registry.content_kinds()]
    assert folders[:2] == ["also-early", "early"]
    assert folders[-1] == "late"


def test_a_kind_may_do_without_the_optional_parts():
    kind = content("plain", 1)
    assert (list(kind.references({})), list(kind.notes()), list(kind.check({}, {})), kind.listed) == ([], [], [], None)
    assert kind.read(Path()).items == {}
