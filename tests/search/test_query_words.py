import pytest

from learnpaths.search.query_words import root, split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("tf.data.Dataset", ["tf", "data", "dataset"]),
        ("Méthode générale", ["methode", "generale"]),
        ("GradientTape's", ["gradienttape", "s"]),
        ('"a" OR b* NEAR(c) -d :e', ["a", "or", "b", "near", "c", "d", "e"]),
        ("a\x00b % _ c", ["a", "b", "c"]),
        ("🙂 🤖", []),
        ("שלום עולם", ["שלום", "עולם"]),
    ],
)
def test_split(text, words):
    assert split(text) == words


@pytest.mark.parametrize(
    "forms",
    [
        ("padding", "pad", "pads", "padded"),
        ("overfitting", "overfit", "overfits"),
        ("embedding", "embeddings", "embed"),
        ("gradient", "gradients"),
        ("loss", "losses"),
    ],
)
def test_forms_of_a_word_have_one_root(forms):
    assert len({root(form) for form in forms}) == 1


def test_other_words_keep_theirs_apart():
    assert len({root(word) for word in ("model", "mode", "modern", "loss", "batch", "tensor")}) == 6
