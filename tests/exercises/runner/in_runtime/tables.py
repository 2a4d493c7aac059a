"""Tables of pandas as plain values."""

import datetime

import numpy as np

from exercises.runner import dataframes, faults, tensors, wire
from exercises.runner.encoder import no_handle


def cross(value):
    """Send a value through the wire; what has no exact plain form comes as ("handle", type)."""
    tree, buffers = wire.encode(value, handle=lambda item: ["h", 1, type(item).__name__, "object"])
    return wire.decode(tree, buffers, handle=lambda node: ("handle", node[2]), tensor=tensors.as_tensor)


def exact_tables():
    import pandas as pd

    return [
        pd.DataFrame({"a": [1, 2], "b": ["x", None]}, index=["r", "s"]),
        pd.DataFrame({"when": pd.to_datetime(["2020-01-01", None]), "c": pd.Categorical(["u", "v"], ordered=True)}),
        pd.DataFrame({"i": pd.array([1, None], dtype="Int64"), "t": pd.array(["a", None], dtype="string")}),
        pd.DataFrame([[1, 2]], columns=["same", "same"]),
        pd.DataFrame({"o": [1, "1"]}).astype(object),
        pd.DataFrame(),
        pd.Series([1.5, np.nan], name="values", index=pd.RangeIndex(3, 9, 3, name="at")),
        pd.Series([True, False], index=pd.date_range("2020-01-01", periods=2, freq="D")),
    ]


def case_tables_arrive_exactly():
    import pandas as pd

    for table in exact_tables():
        back = cross(table)
        compare = pd.testing.assert_frame_equal if isinstance(table, pd.DataFrame) else pd.testing.assert_series_equal
        compare(back, table, check_freq=True)


def case_what_has_no_exact_form_stays_a_handle():
    import pandas as pd

    described = pd.DataFrame({"a": [1]})
    described.attrs["source"] = "by hand"
    for table in (
        described,
        pd.DataFrame({"a": [1]}, index=pd.MultiIndex.from_tuples([(1, 2)])),
        pd.DataFrame({"a": [object()]}),
        pd.Series(pd.period_range("2020", periods=2, freq="Y")),
        pd.Series([datetime.date(2020, 1, 1)]),
    ):
        assert cross(table)[0] == "handle", table


def case_a_subclass_is_no_table():
    import pandas as pd

    class Agreeable(pd.DataFrame):
        def equals(self, other):
            return True

    assert dataframes.kind_of(Agreeable({"a": [1]})) is None and dataframes.kind_of(pd.DataFrame()) == "df"


def case_a_table_is_changed_in_place():
    import pandas as pd

    table, column = pd.DataFrame({"a": [1]}), pd.Series([1], name="old")
    dataframes.replace(table, pd.DataFrame({"b": [2, 3]}))
    dataframes.replace(column, pd.Series([2, 3], name="new"))
    assert table.to_dict("list") == {"b": [2, 3]} and column.tolist() == [2, 3] and column.name == "new"


def case_descriptions_that_make_no_sense_are_refused():
    import pandas as pd

    tree, buffers = wire.encode(pd.DataFrame({"a": [1]}), no_handle)
    for content in (
        ["?"],
        [["range", 0, "1", 1, None], tree[1][1], tree[1][2]],
        [tree[1][0], tree[1][1], [["p", "object", []]]],
    ):
        try:
            wire.decode(["df", content, None], buffers, no_handle, no_handle)
        except faults.WireError:
            continue
        raise AssertionError(content)
