import pytest

from learnpaths.catalog.checkpoints import NotAnAnswer, judge, parse_number

NUMBER = {
    "answer": 0.8,
    "tolerance": 0.01,
    "explanation": "yes",
    "otherwise": "no",
    "wrong": [{"value": 1.2, "explanation": "uphill"}],
}
CHOICE = {
    "options": [
        {"text": "a", "correct": False, "explanation": "not a"},
        {"text": "b", "correct": True, "explanation": "b it is"},
    ]
}


@pytest.mark.parametrize(
    ("answer", "is_correct", "explanation"),
    [
        ("0.8", True, "yes"),
        ("0.79", True, "yes"),
        ("0.81", True, "yes"),
        ("0.789", False, "no"),
        ("1.2", False, "uphill"),
        ("7", False, "no"),
    ],
)
def test_number(answer, is_correct, explanation):
    judgement = judge("number", NUMBER, answer)
    assert (judgement.is_correct, judgement.explanation) == (is_correct, explanation)


@pytest.mark.parametrize(("answer", "is_correct", "explanation"), [("0", False, "not a"), ("1", True, "b it is")])
def test_choice(answer, is_correct, explanation):
    judgement = judge("choice", CHOICE, answer)
    assert (judgement.is_correct, judgement.explanation) == (is_correct, explanation)


@pytest.mark.parametrize("answer", ["", "2", "-1", "b", "²", "1.0"])
def test_choice_that_is_none(answer):
    with pytest.raises(NotAnAnswer):
        judge("choice", CHOICE, answer)


@pytest.mark.parametrize(
    ("text", "value"), [("0.8", 0.8), (" 0,8 ", 0.8), ("\u22123", -3), ("1e-3", 0.001), ("1 000", 1000), ("+2", 2)]
)
def test_numbers_as_people_type_them(text, value):
    assert parse_number(text) == value


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "1_0", "1,2,3", "1.2.3"])
def test_no_numbers(text):
    with pytest.raises(NotAnAnswer):
        parse_number(text)
