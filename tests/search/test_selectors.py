"""What is found first. The table is what learners type; each of its rows has been judged by a person."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection

from learnpaths.catalog.loader import load
from learnpaths.catalog.models import Path
from learnpaths.search import selectors

pytestmark = pytest.mark.django_db
VISITOR = AnonymousUser()

FIRST_THREE = {
    "mse": ["term/mean-squared-error", "lesson/gradient-descent#s-a-number-for-how-wrong", "lesson/how-sure#s-what-squared-error-cannot-say"],
    "learning rate": ["term/learning-rate", "lesson/gradient-descent#s-which-way-is-down", "lesson/what-the-keynote-promised#s-the-middle-of-the-map"],
    "overfitting": ["term/overfitting", "lesson/keras-end-to-end#s-train-and-know-when-to-stop", "lesson/augment-and-regularise#s-make-learning-by-heart-hard"],
    "padding": ["term/padding", "lesson/convolutions#s-how-large-is-the-answer", "term/mask"],
    "dropout": ["term/dropout", "lesson/augment-and-regularise#s-make-learning-by-heart-hard", "lesson/augment-and-regularise#s-what-carries-over"],
    "grad": ["lesson/gradient-descent#s-which-way-is-down", "term/gradient", "lesson/gradient-descent#s-let-the-tape-do-the-calculus"],
    "gradent": ["term/gradient", "lesson/gradient-descent#s-which-way-is-down", "lesson/gradient-descent"],
    "tensorflw": ["term/tensorflow", "lesson/what-the-keynote-promised#s-the-middle-of-the-map", "lesson/tf-data"],
    "embeding": ["term/embedding", "lesson/tokens-and-embeddings#s-the-table-behind-the-numbers", "lesson/tokens-and-embeddings"],
    "lr": ["term/learning-rate", "lesson/gradient-descent#s-which-way-is-down", "lesson/what-the-keynote-promised#s-the-middle-of-the-map"],
    "relu": ["term/relu", "lesson/keras-end-to-end#s-build", "lesson/first-model#s-a-model-is-a-stack-of-layers"],
    "cnn": ["term/convolutional-neural-network", "lesson/first-cnn#s-stack", "lesson/first-cnn"],
    "early stopping": ["term/early-stopping", "lesson/keras-end-to-end#s-train-and-know-when-to-stop", "exercise/sunspots"],
    "precision recall": ["lesson/spam-filter#s-four-counts-three-numbers", "lesson/triage-with-a-human#s-the-wrong-number", "term/f1-score"],
    "attention": ["term/attention", "lesson/text-to-text#s-attention-is-a-soft-look-up", "lesson/text-to-text#s-what-meena-measured"],
    "tf.data": ["term/tf-data", "lesson/tf-data#s-the-order-and-the-reason-for-each-place", "lesson/tf-data"],
    "regularization": ["term/regularisation", "lesson/augment-and-regularise#s-make-learning-by-heart-hard", "lesson/augment-and-regularise"],
    "what is a tensor": ["term/tensor", "lesson/tensors-and-functions#s-a-tensor-numbers-a-shape-a-type", "lesson/tensors-and-functions"],
    "time series windows": ["lesson/windows-and-baselines#s-the-same-in-keras", "lesson/windows-and-baselines", "exercise/windowing"],
    "shuffle batch": ["lesson/tf-data#s-how-well-does-shuffle-shuffle", "lesson/tf-data", "lesson/tf-data#s-the-order-and-the-reason-for-each-place"],
    "spam": ["lesson/spam-filter", "exercise/spam", "lesson/spam-filter#s-four-counts-three-numbers"],
    "softmax": ["term/softmax", "lesson/keras-end-to-end#s-last-layer-loss-labels", "lesson/first-model#s-a-model-is-a-stack-of-layers"],
}  # fmt: skip
# The engines differ in how they weigh what merely has the words; what is taught comes first in both.
OTHERWISE_ON_POSTGRESQL = {
    "learning rate": ["term/learning-rate", "lesson/gradient-descent#s-which-way-is-down", "lesson/gradient-descent"],
    "padding": ["term/padding", "lesson/convolutions#s-how-large-is-the-answer", "lesson/tokens-and-embeddings#s-the-table-behind-the-numbers"],
    "lr": ["term/learning-rate", "lesson/gradient-descent#s-which-way-is-down", "lesson/gradient-descent"],
    "relu": ["term/relu", "lesson/keras-end-to-end#s-build", "lesson/forecast#s-and-deep"],
    "precision recall": ["lesson/spam-filter#s-four-counts-three-numbers", "lesson/spam-filter#s-the-threshold-is-yours", "lesson/triage-with-a-human#s-the-wrong-number"],
    "time series windows": ["lesson/windows-and-baselines", "exercise/windowing", "exercise/sunspots"],
    "shuffle batch": ["lesson/tf-data#s-how-well-does-shuffle-shuffle", "exercise/tf-data-pipeline", "lesson/tf-data"],
}  # fmt: skip


def test_the_first_three_of_twenty_queries(courses):
    expected = FIRST_THREE | (OTHERWISE_ON_POSTGRESQL if connection.vendor == "postgresql" else {})
    assert {query: [each.key for each in selectors.suggest(query)[:3]] for query in FIRST_THREE} == expected
    the_overview_groups_by_kind()
    the_pages_of_one_kind_go_on()


def found(text, user=VISITOR, **options):
    return selectors.search(text, user=user, **options)


def the_overview_groups_by_kind():
    overview = found("spam")
    assert [group.kind for group in overview.groups][:2] == ["lesson", "exercise"]
    lessons = overview.groups[0]
    assert lessons.total > len(lessons.results) == selectors.IN_GROUP
    assert lessons.results[0].trail == "Language"
    assert any(part.is_marked for part in lessons.results[0].title)


def the_pages_of_one_kind_go_on():
    first, second = (found("model", kind="lesson", page=page) for page in (1, 2))
    total = first.groups[0].total
    assert first.pages == -(-total // selectors.ON_PAGE) > 1
    urls = [result.url for page in (first, second) for group in page.groups for result in group.results]
    assert len(set(urls)) == min(total, 2 * selectors.ON_PAGE)
    assert found("model", kind="lesson", page=999).groups == ()


def test_a_term_is_defined_once_and_leads_to_its_section(garden):
    overview = found("steepness")
    assert overview.definition.term.name == "Slope"
    assert overview.definition.url == "/paths/garden/seeds/#s-down-the-slope"
    assert "term" not in [group.kind for group in overview.groups]
    assert overview.groups[0].results[0].url == "/paths/garden/seeds/#s-down-the-slope"


def test_a_misspelt_word_is_corrected_and_said(garden):
    overview = found("sloope")
    assert overview.query.corrections == {"sloope": "slope"}
    assert not overview.is_empty


def test_some_of_the_words_are_better_than_nothing(garden):
    overview = found("morning qqqqqq")
    assert overview.query.is_relaxed
    assert overview.groups[0].results[0].url == "/paths/garden/water/"


def test_code_is_shown_where_only_code_has_the_word(garden):
    (group,) = found("rate").groups
    assert group.results[0].is_code


@pytest.mark.parametrize("text", ["", "qqqqqq", "🙂", "%"])
def test_nothing_is_found(garden, text):
    assert found(text).groups in ((), [])


def test_near_words_are_offered_where_nothing_is(garden):
    assert "morning" in found("mernigx").near


def test_an_empty_index_finds_nothing(db):
    assert found("slope").is_empty
    assert selectors.suggest("slope") == []


def test_retired_paths_are_not_found(garden):
    (garden / "paths/garden").rename(garden / "paths/_garden")
    (garden / "glossary/garden.toml").unlink()
    assert load([garden]).problems == []
    assert not Path.objects.listed().exists()
    assert found("slope").is_empty


def test_the_glossary_goes_by_letters_and_can_be_filtered(garden):
    assert [(letter, [each.term.name for each in terms]) for letter, terms in selectors.definitions()] == [
        ("B", ["Bowl"]),
        ("S", ["Slope"]),
    ]
    assert [terms[0].term.name for _, terms in selectors.definitions("STEEP")] == ["Slope"]
    assert selectors.definitions("50%") == []
