from learnpaths.search.snippets import Part, cut, mark

TEXT = (
    "First we look around for a long time and say nothing of it. " * 5
    + "Padding lays zeros around a picture. "
    + "And so on. " * 40
)


def marked(parts):
    return [part.text for part in parts if part.is_marked]


def test_the_piece_begins_with_the_sentence_that_has_the_word():
    parts = cut(TEXT, {"pad"})
    assert marked(parts) == ["Padding"]
    assert "".join(part.text for part in parts).startswith("… Padding lays zeros")
    assert parts[-1] == Part(" …")


def test_a_text_without_the_word_begins_at_its_beginning():
    parts = cut(TEXT, {"nowhere"})
    assert parts[0].text.startswith("First we look")
    assert marked(parts) == []


def test_short_and_empty_texts_stay_whole():
    assert cut("Short.", {"short"}) == [Part("Short", True), Part(".")]
    assert cut("", {"short"}) == []


def test_a_text_without_a_space_ends_somewhere():
    assert len("".join(part.text for part in cut("x" * 5000, {"y"}))) < 300


def test_marks_are_parts_and_never_markup():
    assert list(mark("<b>pads</b>", {"pad"})) == [Part("<b>"), Part("pads", True), Part("</b>")]
