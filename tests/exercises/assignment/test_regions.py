"""A solution cell taken apart: the reference, the starter, and the author's own lines."""

import pytest

from exercises.assignment.regions import BadRegion, split_solution

FUNCTION = """def add(a, b):
    \"\"\"Return the sum.\"\"\"
    ### BEGIN SOLUTION
    total = a + b
    return total
    ### END SOLUTION
"""


def test_inside_a_function_the_starter_raises():
    solution = split_solution(FUNCTION)
    assert solution.reference.endswith("    total = a + b\n    return total")
    assert solution.starter.endswith('sum."""\n    # Your code here\n    raise NotImplementedError')
    assert solution.code == ("    total = a + b\n    return total",)


def test_at_module_level_it_does_not():
    solution = split_solution("### BEGIN SOLUTION\nx = 1\n### END SOLUTION\ny = x")
    assert solution.starter == "# Your code here\ny = x" and solution.reference == "x = 1\ny = x"


def test_an_authors_starter_replaces_the_region_before_it():
    source = (
        "### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n### BEGIN STARTER\n# x = ...  # a number\n#\n### END STARTER\n"
    )
    assert split_solution(source).starter == "x = ...  # a number"


def test_two_regions_are_two_pieces_of_code():
    source = "a = 0\n### BEGIN SOLUTION\nb = 1\n### END SOLUTION\nc = 2\n### BEGIN SOLUTION\nd = 3\n### END SOLUTION"
    solution = split_solution(source)
    assert solution.code == ("b = 1", "d = 3") and solution.reference == "a = 0\nb = 1\nc = 2\nd = 3"


@pytest.mark.parametrize(
    ("source", "offset", "words"),
    [
        ("x = 1", 0, "needs a solution between"),
        ("### BEGIN SOLUTION\n# only a comment\n### END SOLUTION", 0, "is empty"),
        ("x = 1\n### BEGIN SOLUTION\nx = 2", 1, "without its ### END SOLUTION"),
        ("### END SOLUTION", 0, "without its ### BEGIN SOLUTION"),
        ("### BEGIN SOLUTION\n### BEGIN STARTER\n", 1, "inside a SOLUTION region"),
        ("### BEGIN SOLUTION\nx = 1\n### END STARTER", 2, "### END STARTER without"),
    ],
)
def test_a_marker_in_the_wrong_place_is_named_with_its_line(source, offset, words):
    with pytest.raises(BadRegion, match=words) as raised:
        split_solution(source)
    assert raised.value.offset == offset
