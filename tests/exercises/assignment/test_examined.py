from exercises.assignment.definition import Cell, Check, Definition
from exercises.assignment.examined import examined_models


def test_the_first_public_check_of_the_cell_that_makes_a_model_looks_at_it():
    cells = (
        Cell(
            id="train", role="solution", source="def build_model():\n    other = 1\nmodel = build_model()", starter=""
        ),
        Cell(id="shape", role="check", source="assert model", starter=""),
        Cell(id="learned", role="check", source="assert model", starter=""),
        Cell(
            id="eyes", role="examiner", source="def look_(name='model'):\n    return rebuild(name), 'other'", starter=""
        ),
        Cell(id="accuracy", role="check", source="assert look_()", starter=""),
    )
    checks = tuple(
        Check(id=cell.id, title="", points=1, hidden=cell.id == "accuracy", requires=("train",))
        for cell in cells
        if cell.role == "check"
    )
    definition = Definition(
        id="toy", title="", summary="", queue="cpu", minutes=1, pass_percent=80, cells=cells, checks=checks
    )
    assert examined_models(definition) == {"shape": ("model",)}
