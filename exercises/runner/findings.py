"""Where a model fails, as small plain data for the learner's report: counts, bins, slices, and examples anyone may see.

A finding of hidden data is an aggregate. Examples show single rows, so they come from a public file only.
"""

import base64
import math
from collections.abc import Iterable, Sequence
from typing import Any

MAX_CLASSES, MAX_SLICES, MAX_BINS, MAX_EXAMPLES = 20, 12, 12, 6
MAX_TEXT, MAX_NAME = 300, 60
MAX_SIDE, MAX_SERIES = 32, 120
Finding = dict[str, Any]


def confusion(truth: Any, predicted: Any, labels: Sequence[Any] | None = None, title: str = "") -> Finding:
    """Count class numbers (n,) against class numbers (n,): rows are the truth. At most 20 classes."""
    import numpy as np

    truth, predicted = _whole(truth), _whole(predicted)
    _same_length(truth, predicted)
    count = len(labels) if labels is not None else int(max(truth.max(), predicted.max(), 0)) + 1
    if (
        not 1 <= count <= MAX_CLASSES
        or min(truth.min(), predicted.min()) < 0
        or max(truth.max(), predicted.max()) >= count
    ):
        raise ValueError(
            f"report_confusion takes class numbers from 0 to one below the number of labels, at most {MAX_CLASSES}."
        )
    matrix = np.bincount(truth * count + predicted, minlength=count * count).reshape(count, count)
    names = [_name(label) for label in (labels if labels is not None else range(count))]
    return {"kind": "confusion", "title": _name(title), "labels": names, "matrix": matrix.tolist()}


def residuals(truth: Any, predicted: Any, unit: str = "", title: str = "") -> Finding:
    """Put predicted minus true (n,) into bins of equal width, the outermost ones open: a few far points hide nothing."""
    import numpy as np

    truth, predicted = _numbers(truth), _numbers(predicted)
    _same_length(truth, predicted)
    errors = (predicted - truth)[np.isfinite(predicted - truth)]
    if not len(errors):
        raise ValueError("report_residuals needs at least one finite error.")
    # Of all errors the largest would make one bin of everything else.
    reach = max(float(np.quantile(np.abs(errors), 0.98)), 1e-9)
    edges = np.linspace(-reach, reach, MAX_BINS + 1)
    places = np.clip(np.searchsorted(edges, errors, side="right") - 1, 0, MAX_BINS - 1)
    return {
        "kind": "residuals", "title": _name(title), "unit": _name(unit), "n": len(errors),
        "edges": [_short(edge) for edge in edges], "counts": np.bincount(places, minlength=MAX_BINS).tolist(),
        "mean": _short(errors.mean()), "mean_absolute": _short(np.abs(errors).mean()),
    }  # fmt: skip


def slices(
    values: Any,
    groups: Iterable[Any],
    metric: str = "accuracy",
    better: str = "higher",
    title: str = "",
    is_blind: bool = False,
) -> Finding:
    """Average values (n,) within each group (n,), worst first, with an interval of 95 %.

    At most 12 groups: the worst, or, where the values must not choose (`is_blind`), the first by name.
    """
    import numpy as np

    values, names = _numbers(values), np.asarray([_name(group) for group in groups])
    _same_length(values, names)
    rows = [(name, *_interval(values[names == name])) for name in dict.fromkeys(names.tolist())]
    left_out = max(0, len(rows) - MAX_SLICES)
    if is_blind:
        rows = sorted(rows)[:MAX_SLICES]
    rows.sort(key=lambda row: row[2] if better != "lower" else -row[2])
    return {
        "kind": "slices", "title": _name(title), "metric": _name(metric), "better": "lower" if better == "lower" else "higher",
        "overall": _short(values.mean()), "left_out": left_out,
        "rows": [{"name": n, "n": c, "value": _short(v), "low": _short(lo), "high": _short(hi)} for n, c, v, lo, hi in rows[:MAX_SLICES]],
    }  # fmt: skip


def examples(
    inputs: Any, truth: Sequence[Any], predicted: Sequence[Any], wrongness: Any | None = None, title: str = ""
) -> Finding:
    """Show the six rows with the largest `wrongness` (default: wrong before right). Give public rows only.

    A row of `inputs` is a picture (h, w) or (h, w, 3) with values from 0 to 255 or 0 to 1, a series (n,), or a text.
    """
    import numpy as np

    _same_length(inputs, truth, predicted)
    wrong = np.asarray([str(a) != str(b) for a, b in zip(truth, predicted, strict=True)], float)
    order = np.argsort(-(wrong if wrongness is None else _numbers(wrongness)), kind="stable")[:MAX_EXAMPLES]
    brightest = 1.0 if isinstance(inputs[0], str) else _brightest(inputs)
    rows = [
        {
            **_shown(inputs[row], brightest),
            "truth": _name(truth[row]),
            "predicted": _name(predicted[row]),
            "right": not wrong[row],
        }
        for row in order.tolist()
    ]
    return {"kind": "examples", "title": _name(title), "rows": rows}


def coarse(finding: Finding) -> Finding:
    """Return a finding with about two digits to each number, in an order that says no more than they do."""
    make = _COARSE.get(finding["kind"])
    return {**make(finding), "is_rounded": True} if make else finding


def _coarse_confusion(finding: Finding) -> Finding:
    """Each count to a twentieth of its row."""
    rows = [[_stepped(count, sum(row)) for count in row] for row in finding["matrix"]]
    return {**finding, "matrix": rows}


def _coarse_residuals(finding: Finding) -> Finding:
    import numpy as np

    reach = two_digits(finding["edges"][-1]) or 1e-9
    return {
        **finding,
        "edges": [_short(edge) for edge in np.linspace(-reach, reach, MAX_BINS + 1)],
        "counts": [_stepped(count, finding["n"]) for count in finding["counts"]],
        "mean": two_digits(finding["mean"]),
        "mean_absolute": two_digits(finding["mean_absolute"]),
    }


def _coarse_slices(finding: Finding) -> Finding:
    rows = []
    for row in finding["rows"]:
        value, reach = two_digits(row["value"]), float(f"{(row['high'] - row['low']) / 2:.1g}")
        low, high = _short(value - reach), _short(value + reach)
        if row["low"] >= 0 and row["high"] <= 1:
            low, high = max(low, 0.0), min(high, 1.0)
        rows.append({"name": row["name"], "n": int(two_digits(row["n"])), "value": value, "low": low, "high": high})
    sign = -1 if finding["better"] == "lower" else 1
    rows.sort(key=lambda row: (sign * row["value"], row["name"]))
    return {**finding, "rows": rows, "overall": two_digits(finding["overall"])}


_COARSE = {"confusion": _coarse_confusion, "residuals": _coarse_residuals, "slices": _coarse_slices}


def two_digits(value: Any) -> float:
    """Return a finite number with two significant digits."""
    return float(f"{float(value):.2g}")


def _stepped(count: int, whole: int) -> int:
    step = max(1, -(-whole // 20))
    return step * round(count / step)


def _shown(row: Any, brightest: float) -> dict[str, Any]:
    import numpy as np

    if isinstance(row, str):
        return {"text": row if len(row) <= MAX_TEXT else row[:MAX_TEXT] + "…"}
    row = np.nan_to_num(np.asarray(row, float))
    if row.ndim == 1:
        step = -(-len(row) // MAX_SERIES)
        return {"series": [_short(value) for value in row[::step]]}
    if row.ndim == 3 and row.shape[2] == 1:
        row = row[:, :, 0]
    if row.ndim not in (2, 3) or (row.ndim == 3 and row.shape[2] != 3):
        raise ValueError("report_examples shows pictures (h, w) or (h, w, 3), series (n,) and texts.")
    step = -(-max(row.shape[:2]) // MAX_SIDE)
    small = np.clip(np.rint(row[::step, ::step] / brightest * 255), 0, 255).astype("uint8")
    return {
        "picture": base64.b64encode(small.tobytes()).decode(),
        "height": small.shape[0], "width": small.shape[1], "channels": small.shape[2] if small.ndim == 3 else 1,
    }  # fmt: skip


def _brightest(inputs: Any) -> float:
    import numpy as np

    peak = float(np.nanmax(np.asarray(inputs[: 10**4], float)))
    return next((top for top in (1.0, 16.0) if peak <= top), 255.0)


def _interval(values: Any) -> tuple[int, float, float, float]:
    """Return n, mean and 95 % limits: Wilson's where all values are 0 or 1, else two standard errors."""
    count, mean = len(values), float(values.mean())
    if set(values.tolist()) <= {0.0, 1.0}:
        # Wilson's interval stays within 0 and 1, and is right where all of a few are right.
        z = 1.96
        middle = (mean + z * z / (2 * count)) / (1 + z * z / count)
        reach = z / (1 + z * z / count) * math.sqrt(mean * (1 - mean) / count + z * z / (4 * count * count))
        return count, mean, middle - reach, middle + reach
    reach = 2 * float(values.std(ddof=1)) / math.sqrt(count) if count > 1 else 0.0
    return count, mean, mean - reach, mean + reach


def _whole(values: Any) -> Any:
    import numpy as np

    return np.asarray(values).astype("int64").ravel()


def _numbers(values: Any) -> Any:
    import numpy as np

    return np.asarray(values, float).ravel()


def _same_length(*columns: Any) -> None:
    if len({len(column) for column in columns}) != 1 or not len(columns[0]):
        raise ValueError("A finding needs columns of the same length, and at least one row.")


def _name(value: Any) -> str:
    return str(value)[:MAX_NAME]


def _short(value: Any) -> float:
    number = float(value)
    return float(f"{number:.4g}") if math.isfinite(number) else 0.0
