import pytest

from learnpaths.catalog.loader import load
from learnpaths.catalog.registry import Counts
from learnpaths.search.glossary import read
from learnpaths.search.models import Term

pytestmark = pytest.mark.django_db


def test_it_works_twice(garden):
    assert Term.objects.get(slug="slope").also == ["Steepness", "Angle of fall"]
    assert load([garden]).counts["glossary"] == Counts(unchanged=2)


def test_a_term_that_is_gone_goes(garden):
    file = garden / "glossary/garden.toml"
    file.write_text(file.read_text().partition("\n\n")[0])
    assert load([garden]).counts["glossary"] == Counts(unchanged=1, retired=1)
    assert [term.slug for term in Term.objects.all()] == ["slope"]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[[term]]\nname = "A"\ntaught = "nowhere"\ndefinition = "b"', 3, "There is no lesson 'nowhere'"),
        (
            '[[term]]\nname = "A"\ntaught = "seeds#s-no"\ndefinition = "b"',
            3,
            "has no heading 's-no'; there are: s-down",
        ),
        ('[[term]]\nname = "A"\ntaught = "seeds"', 1, "`definition` is missing"),
        ('[[term]]\nname = "!"\ntaught = "seeds"\ndefinition = "b"', 2, "needs a letter"),
        ('[[term]]\nname = "A"\ntaught = "seeds"\ndefinition = "b"\nnote = 1', 5, "Unknown key `note`"),
        ("[[term]\n", 1, "Not valid TOML"),
    ],
)
def test_problems_name_their_line(root, text, line, message):
    (root / "glossary/garden.toml").write_text(text)
    problems = [problem for problem in load([root]).problems if problem.file == "glossary/garden.toml"]
    assert [(problem.line, message in problem.message) for problem in problems] == [(line, True)]
    assert not Term.objects.exists()


def test_a_term_has_one_place(root):
    file = root / "glossary/garden.toml"
    file.write_text(file.read_text() + '\n[[term]]\nname = "Bowl"\ntaught = "seeds"\ndefinition = "again"\n')
    assert "There is a term 'Bowl' already." in [problem.message for problem in read(root / "glossary").problems]
