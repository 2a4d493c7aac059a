"""The engine of the database at hand: the same tests on SQLite and, where DATABASE_URL says so, on PostgreSQL."""

import pytest

from learnpaths.search import engines
from learnpaths.search.lexicon import Lexicon
from learnpaths.search.models import Document
from learnpaths.search.queries import Query, parse

pytestmark = pytest.mark.django_db


@pytest.fixture
def documents():
    rows = [
        ("title", "Padding", "", "", ""),
        ("terms", "How large?", "Padding; Zero padding", "", ""),
        ("text", "Text", "", "A border of padding, for Méthode and padded rows", ""),
        ("code", "Code", "", "", "layers.Conv2D(8, 3, padding='same')\ntf.data.Dataset"),
        ("other", "Other", "", "nothing of the kind", ""),
    ]
    Document.objects.bulk_create(
        Document(kind="lesson" if key != "code" else "exercise", key=key, title=title, url="/", terms=terms, text=text, code=code)
        for key, title, terms, text, code in rows
    )  # fmt: skip
    engines.current().index()


def keys(text, **options):
    query = parse(text, Lexicon({}))
    return [each.key for each in engines.current().find(query, limit=options.pop("limit", 9), **options)]


def test_the_title_counts_most_and_code_least(documents):
    assert keys("padding") == ["title", "terms", "text", "code"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pads", {"title", "terms", "text", "code"}),
        ("methode", {"text"}),
        ("tf data", {"code"}),
        ("dataset", {"code"}),
        ("padding border", {"text"}),
        ("nowhere", set()),
    ],
)
def test_words_are_found_in_all_forms(documents, text, expected):
    assert set(keys(text)) == expected


def test_one_kind_and_a_limit(documents):
    assert keys("padding", kind="exercise") == ["code"]
    assert keys("padding", limit=1) == ["title"]


def test_names_are_phrases_and_a_relaxed_query_needs_one_word(documents):
    lexicon = Lexicon({}, [{"key": "k", "taught": "t", "names": ["Zero padding", "ZP"]}])
    assert [each.key for each in engines.current().find(parse("zp", lexicon), limit=9)] == ["terms"]
    strict = parse("border nowhere", lexicon)
    assert engines.current().find(strict, limit=9) == []
    relaxed = Query(strict.clauses, is_relaxed=True)
    assert [each.key for each in engines.current().find(relaxed, limit=9)] == ["text"]


def test_an_index_made_again_has_no_ghosts(documents):
    Document.objects.filter(key="title").delete()
    engines.current().index()
    assert "title" not in keys("padding")


@pytest.mark.parametrize("text", ["and or not near", "a:b", "the who", "' OR 1=1 --", '"', "*", "x" * 100, "🙂 x", "שלום", "50% off_", "\\", "NULL"])  # fmt: skip
def test_no_word_is_an_operator(documents, text):
    if parse(text, Lexicon({})).clauses:
        assert "other" not in keys(text)
