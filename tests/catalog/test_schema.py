"""A path as it was read."""

from learnpaths.catalog import schema


def test_the_steps_of_a_path_are_those_of_its_units_in_order():
    units = tuple(
        schema.Unit(title=name, steps=tuple(schema.Step(kind="lesson", slug=f"{name}-{n}", line=1) for n in range(2)))
        for name in ("a", "b")
    )
    path = schema.Path(
        slug="p", file="paths/p/path.toml", title="P", summary="S", level="beginner", hours=1, position=1, units=units
    )
    assert [step.slug for step in path.steps] == ["a-0", "a-1", "b-0", "b-1"]
