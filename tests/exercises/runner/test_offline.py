"""What is said where a notebook asks for the network."""

import pytest

from exercises.runner import offline


def test_the_data_that_are_here(tmp_path):
    for name in ("a/notes.txt", "b/train.csv", "fashion-mnist/train.npz"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).touch()
    words = offline.words(data=tmp_path)
    assert f"{tmp_path}/a, {tmp_path}/b, {tmp_path}/fashion-mnist." in words
    assert words.endswith(f'Open one with `np.load("{tmp_path}/fashion-mnist/train.npz")`.')
    (tmp_path / "fashion-mnist/train.npz").unlink()
    assert offline.words(data=tmp_path).endswith(f'Open one with `pd.read_csv("{tmp_path}/b/train.csv")`.')
    assert offline.words(data=tmp_path / "none") == "A notebook has no network here, so nothing can be downloaded."


@pytest.mark.parametrize(
    ("modules", "words"),
    [
        (
            {"keras.src.datasets.mnist"},
            "Smaller handwritten digits (8 by 8, another set) are here: {}/digits/train.npz",
        ),
        ({"keras.src.applications.mobilenet_v2"}, "`weights=None`"),
        ({"requests.sessions"}, "nothing can be downloaded"),
    ],
)
def test_the_words_depend_on_who_asked(tmp_path, modules, words):
    (tmp_path / "digits").mkdir()
    (tmp_path / "digits/train.npz").touch()
    said = offline.words(frozenset(modules), data=tmp_path)
    assert words.format(tmp_path) in said and said.endswith(f'Open one with `np.load("{tmp_path}/digits/train.npz")`.')
