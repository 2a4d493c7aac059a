import pytest

from learnpaths.catalog.source import BadToml, parse


def test_lines_of_toml():
    _, section = parse(
        'a = """\nb = 1\n"""\nc = 2\n[[d]]\ne = 1\n[[d.f]]\ng = 1\n[[d]]\n[[d.f]]\ng = 2\n', first_line=3
    )
    assert section.keys == {"a": 3, "c": 6}
    assert [table.line for table in section.tables["d"]] == [7, 11]
    assert section.tables["d"][1].tables["f"][0].keys == {"g": 13}


def test_line_of_an_error_in_toml():
    with pytest.raises(BadToml) as error:
        parse("a = 1\nb = \n", first_line=5)
    assert error.value.line == 6
