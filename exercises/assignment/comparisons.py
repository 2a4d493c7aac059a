"""Reads the code of checks for comparisons that are true of nothing, of one number, or of an object that agrees with everybody.

A name is *ours* if a check or an examiner cell made it from our own things; every other name is the learner's, and so is what
is computed from it, until it has passed through a function of `exercises.runner.checking`. Nothing is executed.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

CHECKING = frozenset({
    "array", "boolean", "close", "differ", "every", "mapping", "member", "number", "same", "same_members", "same_set", "same_table",
    "sequence", "some", "text", "whole",
})  # fmt: skip
OURS = CHECKING | frozenset(dir(builtins)) | frozenset({
    "np", "numpy", "pd", "tf", "keras", "math", "rng", "random", "seed", "held_out", "public", "report_metric", "report_confusion",
    "report_residuals", "report_slices", "report_examples", "may_change",
})  # fmt: skip
COMPARING = frozenset({
    "allclose", "isclose", "array_equal", "array_equiv", "assert_allclose", "assert_array_equal", "assert_almost_equal", "assert_equal",
    "assert_array_almost_equal", "assert_frame_equal", "assert_series_equal", "assert_index_equal", "equals",
})  # fmt: skip
REDUCING = frozenset({
    "sum", "mean", "max", "min", "prod", "norm", "count_nonzero", "average", "median", "nanmean", "nansum", "nanmax",
})  # fmt: skip
ADVICE = {
    "compare": "`{name}` is true of empty and of broadcast values: use close(answer, wanted) or same(answer, wanted).",
    "not": "Two empty answers are not different: use differ(one, other).",
    "all": "`all` holds of nothing: use every(conditions, count=…) on what array(…) or sequence(…) returned.",
    "any": "`any` asks whatever the learner returned: use some(conditions) on what array(…) or sequence(…) returned.",
    "sum": "`{name}` of a comparison or difference broadcasts, and nothing sums up to 0: take array(answer, shape, kind) first.",
    "in": "`in` asks the learner's value: use member(answer, options), text(…, contains=…), mapping(…) or same_set(…).",
    "loop": "A loop over the learner's value asserts nothing where that is empty: loop over sequence(answer, length).",
    "subset": "An empty answer is a subset of everything: use same_set(answer, wanted), or member(…) for each value.",
}
Finding = tuple[int, str]  # line from 0, message


@dataclass
class Names:
    """Which names of the checks' shared namespace hold values of the learner's."""

    suspect: dict[str, bool] = field(default_factory=dict)

    def is_suspect(self, name: str) -> bool:
        return self.suspect.get(name, name not in OURS)


def find_vacuous(source: str, names: Names) -> list[Finding]:
    """Return what is wrong in one cell, as (line from 0, message), and add to `names` what the cell makes."""
    reader = _Reader(names)
    reader.read(ast.parse(source).body)
    return sorted(set(reader.findings))


class _Reader:
    def __init__(self, names: Names) -> None:
        self.names = names
        self.findings: list[Finding] = []

    def read(self, body: Iterable[ast.stmt]) -> None:
        for statement in body:
            self._statement(statement)

    def _statement(self, node: ast.stmt) -> None:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._function(node)
        if isinstance(node, ast.For | ast.AsyncFor):
            self._loop(node)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                self._look(item.context_expr)
                if item.optional_vars is not None:
                    self._bind(item.optional_vars, self._suspects(item.context_expr))
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for name in node.names:
                self.names.suspect[(name.asname or name.name).partition(".")[0]] = False
        else:
            self._plain(node)
        for part in ("body", "orelse", "finalbody"):
            self.read(getattr(node, part, []) or [])
        for handler in getattr(node, "handlers", []) or []:
            self.read(handler.body)
        return None

    def _plain(self, node: ast.stmt) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._look(child)
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._assign(target, node.value)
        elif isinstance(node, ast.AnnAssign | ast.AugAssign) and node.value is not None:
            is_more = isinstance(node, ast.AugAssign) and self._suspects(node.target)
            self._bind(node.target, is_more or self._suspects(node.value))

    def _assign(self, target: ast.expr, value: ast.expr) -> None:
        pairs = isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List)
        if pairs and len(target.elts) == len(value.elts):  # type: ignore[attr-defined]  # both have parts
            for one, other in zip(target.elts, value.elts, strict=True):  # type: ignore[attr-defined]
                self._assign(one, other)
        else:
            self._bind(target, self._suspects(value))

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """Read a function of ours, whose arguments may be the learner's; a call is suspect if what it returns is, or an argument."""
        # Twice: with the learner's values as arguments for what is vacuous inside, without for what a call returns by
        # itself.
        self.findings += self._inside(node, suspect_arguments=True).findings
        inner = self._inside(node, suspect_arguments=False)
        results = [child.value for child in ast.walk(node) if isinstance(child, ast.Return | ast.Yield) and child.value]
        self.names.suspect[node.name] = any(map(inner._suspects, results))

    def _inside(self, node: ast.FunctionDef | ast.AsyncFunctionDef, *, suspect_arguments: bool) -> "_Reader":
        inner = _Reader(Names(dict(self.names.suspect)))
        given = node.args
        for argument in [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]:
            if argument is not None:
                inner.names.suspect[argument.arg] = suspect_arguments
        inner.read(node.body)
        return inner

    def _loop(self, node: ast.For | ast.AsyncFor) -> None:
        self._look(node.iter)
        suspect = self._suspects(node.iter)
        if suspect and any(
            isinstance(child, ast.Assert) or _is_check(child) for part in node.body for child in ast.walk(part)
        ):
            self._report(node, "loop")
        self._bind(node.target, suspect)

    def _bind(self, target: ast.expr, suspect: bool) -> None:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.names.suspect[node.id] = suspect
            elif isinstance(node, ast.Name) and suspect and isinstance(target, ast.Subscript | ast.Attribute):
                self.names.suspect[node.id] = True  # a learner's value was put into it

    # --- expressions ---

    def _look(self, node: ast.expr) -> None:
        """Report what is vacuous anywhere in an expression."""
        with_bound = self._bound(node)
        for child in ast.walk(node):
            if isinstance(child, ast.Call):
                with_bound._call(child)
            elif isinstance(child, ast.Compare):
                with_bound._compare(child)
            elif isinstance(child, ast.UnaryOp) and isinstance(child.op, ast.Not):
                with_bound._not(child)
        self.findings += with_bound.findings

    def _bound(self, node: ast.expr) -> "_Reader":
        """Return a reader that also knows the names which comprehensions, lambdas and := bind inside an expression."""
        inner = _Reader(Names(dict(self.names.suspect)))
        for child in ast.walk(node):
            if isinstance(child, ast.comprehension):
                inner._bind(child.target, inner._suspects(child.iter))
            elif isinstance(child, ast.Lambda):
                for argument in child.args.args:
                    inner.names.suspect[argument.arg] = True
            elif isinstance(child, ast.NamedExpr):
                self.names.suspect[child.target.id] = inner.names.suspect[child.target.id] = inner._suspects(
                    child.value
                )
        return inner

    def _call(self, node: ast.Call) -> None:
        name = _called(node)
        values: list[ast.expr] = [*node.args, *(keyword.value for keyword in node.keywords)]
        if isinstance(node.func, ast.Attribute):
            values.append(node.func.value)
        if not any(map(self._suspects, values)):
            return
        if name in REDUCING and any(map(self._is_broadcast, values)):
            self._report(node, "sum", name)
        if name in COMPARING:
            self._report(node, "compare", name)
        elif name in ("all", "any"):
            self._report(node, name)
        elif name in ("issubset", "issuperset", "isdisjoint"):
            self._report(node, "subset")

    def _is_broadcast(self, node: ast.expr) -> bool:
        """Tell whether a value is, or is made of, a comparison or difference with something of the learner's."""
        return any(
            (isinstance(child, ast.Compare) or (isinstance(child, ast.BinOp) and isinstance(child.op, ast.Sub)))
            and self._suspects(child)
            for child in ast.walk(node)
        )

    def _compare(self, node: ast.Compare) -> None:
        left = node.left
        for operator, right in zip(node.ops, node.comparators, strict=True):
            if isinstance(operator, ast.In | ast.NotIn) and (self._suspects(left) or self._suspects(right)):
                self._report(node, "in")
            if isinstance(operator, ast.LtE | ast.GtE | ast.Lt | ast.Gt) and any(
                map(self._is_suspect_set, (left, right))
            ):
                self._report(node, "subset")
            left = right

    def _is_suspect_set(self, node: ast.expr) -> bool:
        is_set = isinstance(node, ast.Set | ast.SetComp) or (
            isinstance(node, ast.Call) and _called(node) in ("set", "frozenset", "keys")
        )
        return is_set and self._suspects(node)

    def _not(self, node: ast.UnaryOp) -> None:
        if isinstance(node.operand, ast.Call) and (_called(node.operand) in COMPARING or _is_check(node.operand)):
            self._report(node, "not")

    def _suspects(self, node: ast.AST) -> bool:
        """Tell whether an expression's value may come from the learner without having been checked."""
        if isinstance(node, ast.Name):
            return self.names.is_suspect(node.id)
        if isinstance(node, ast.Call):
            if _is_check(node) or _called(node) in ("len", "isinstance", "callable", "hasattr"):
                return False
            return any(self._suspects(part) for part in ast.iter_child_nodes(node))
        if isinstance(node, ast.Lambda):
            return self._suspects(node.body)
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            inner = self._bound(node)
            parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
            return any(inner._suspects(part) for part in [*parts, *(generator.iter for generator in node.generators)])
        return any(self._suspects(part) for part in ast.iter_child_nodes(node))

    def _report(self, node: ast.AST, advice: str, name: str = "") -> None:
        line: int = getattr(node, "lineno", 1)
        self.findings.append((line - 1, ADVICE[advice].format(name=name)))


def _called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def _is_check(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CHECKING


def reported_metrics(source: str) -> Iterator[tuple[int, str, float, str]]:
    """Yield (line from 0, name, threshold, better) of each metric that a check reports with a threshold."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node) == "report_metric":
            options = {keyword.arg: keyword.value for keyword in node.keywords}
            given = dict(zip(("name", "value", "threshold", "better"), node.args, strict=False)) | options
            threshold = _literal(given.get("threshold"))
            if isinstance(threshold, int | float):
                name, better = _literal(given.get("name")), _literal(given.get("better"))
                yield node.lineno - 1, str(name), float(threshold), str(better or "higher")


def _literal(node: ast.expr | None) -> object:
    try:
        return ast.literal_eval(node) if node is not None else None
    except ValueError:
        return None
