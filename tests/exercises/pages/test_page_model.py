"""What the page of an exercise shows of its definition: never the solution, never what is hidden."""

from exercises.pages.page_model import page_model_of


def test_it_works(exercise):
    model = page_model_of(exercise.version)
    assert [(cell.id, cell.role, cell.number) for cell in model.cells] == [
        ("story", "text", 0),
        ("imports", "setup", 0),
        ("add", "solution", 1),
        ("twice", "solution", 2),
        ("adds", "check", 0),
    ]
    assert [len(cell.hints) for cell in model.cells if cell.role == "solution"] == [2, 0]
    assert (model.max_points, model.max_hidden_points, model.pass_percent) == (4, 3, 60)
    assert (model.rule.points, model.rule.required) == (3, ("adds-unseen",))
    assert [card["id"] for card in model.cards] == ["toy"]


def test_the_solution_and_what_is_hidden_are_not_in_it(exercise):
    text = str(page_model_of(exercise.version))
    assert "total = a + b" not in text and "secret" not in text and "twice = add(2, 2)" not in text
    assert "Adds unseen numbers" in text  # the title of a hidden check is shown


def test_it_is_made_once_per_version(exercise):
    assert page_model_of(exercise.version) is page_model_of(exercise.version)
