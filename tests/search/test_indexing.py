import pytest
from django.core.management import call_command

from learnpaths.catalog.loader import load
from learnpaths.search import indexing
from learnpaths.search.models import Document, IndexState

pytestmark = pytest.mark.django_db


def keys():
    return set(Document.objects.values_list("key", flat=True))


def test_a_load_indexes_and_a_second_one_changes_nothing(garden):
    assert {"path/garden", "lesson/seeds", "lesson/seeds#s-one-step", "term/bowl"} <= keys()
    ids, state = set(Document.objects.values_list("pk", flat=True)), IndexState.objects.get()
    assert load([garden]).problems == []
    indexing.index()
    assert set(Document.objects.values_list("pk", flat=True)) == ids
    assert IndexState.objects.get() == state


def test_what_is_retired_goes_from_the_index(garden):
    file = garden / "paths/garden/path.toml"
    file.write_text(file.read_text().replace(', "lesson:water"', ""))
    (garden / "paths/garden/water/lesson.md").unlink()
    seeds = garden / "paths/garden/seeds/lesson.md"
    seeds.write_text(seeds.read_text().replace("/paths/garden/water/", "/paths/garden/"))
    assert load([garden]).problems == []
    assert not {key for key in keys() if "water" in key}


def test_a_check_indexes_nothing(root):
    assert load([root], check_only=True).problems == []
    assert not Document.objects.exists()


def test_another_format_is_indexed_by_the_next_load(garden, monkeypatch):
    monkeypatch.setattr(indexing, "FORMAT", "other")
    assert load([garden]).problems == []
    assert IndexState.objects.get().digest.startswith("other:")


def test_a_load_that_changed_nothing_costs_one_query(garden, django_assert_num_queries):
    with django_assert_num_queries(1):
        indexing.index_after_load(has_changed=False)


def test_the_command_makes_it_anew(garden, capsys):
    Document.objects.all().delete()
    call_command("index_search")
    assert "documents indexed" in capsys.readouterr().out
    assert "lesson/seeds" in keys()


def test_words_of_titles_weigh_more(garden):
    words = IndexState.objects.get().words
    assert words["slope"] > words["rests"] > 0
    assert "2020" not in words
