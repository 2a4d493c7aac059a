"""Python as a check speaks it: what its own syntax and builtins would answer about a handle is asked of the notebook.

`type(x)`, `x.__class__`, `isinstance`, `issubclass`, `is` and `except` look at Python's type of an object and never at the object, so
that no class of ours can answer for the learner's. A check is compiled with these few replaced.
"""

import ast
import builtins
import sys
from collections.abc import Callable, Iterable
from types import UnionType
from typing import Any

from .faults import Fault, HandleMisuse
from .handles import NAME, is_handle
from .namespace import Learner
from .rpc_client import LearnerError, RpcClient, has_library_name
from .tensors import Tensor

_IS, _TYPE, _CAUGHT, _HERE = "__check_is__", "__check_type__", "__check_caught__", "__check_here__"
_SINGLE = (type(None), bool, type(Ellipsis), type(NotImplemented))
_NOTHING = ast.Tuple([], ast.Load())
_MODULE = ("__doc__", "__name__", "__spec__", "__loader__", "__package__")  # of the module that they stand in
_UNTRACKED = (tuple, frozenset, bytes)  # their identity does not cross


def compile_check(source: str, file: str, mode: str = "exec") -> Any:
    """Return the code of a check. Raises SyntaxError."""
    tree = ast.parse(source, file, mode)
    tree = _Rewriting(_global_names(ast.walk(tree))).visit(tree)
    return compile(ast.fix_missing_locations(tree), file, mode, dont_inherit=True)


def builtins_for(client: RpcClient) -> dict[str, Any]:
    """Return the builtins of a check."""
    answers = _Answers(client)
    return {
        **{name: value for name, value in vars(builtins).items() if name not in _MODULE},
        "id": answers.id_of, "type": _Type(answers), "isinstance": answers.is_instance, "issubclass": answers.is_subclass,
        "eval": _eval, "exec": _exec, "__import__": _importer(client),
        _IS: answers.is_same, _TYPE: answers.class_of, _CAUGHT: answers.caught, _HERE: _here,
    }  # fmt: skip


class _Rewriting(ast.NodeTransformer):
    """Puts calls in the place of syntax; `global` names are written through the namespace, which tells the notebook."""

    def __init__(self, names: set[str]) -> None:
        self._globals = [names]  # Python takes what a function calls global for global in the module too

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        # Chains of `is` are left alone: rewritten, each part would be computed twice.
        if len(node.ops) != 1 or not isinstance(node.ops[0], ast.Is | ast.IsNot):
            return node
        if isinstance(node.comparators[0], ast.Constant) and isinstance(node.comparators[0].value, _SINGLE):
            return node
        call: ast.expr = _call(_IS, node.left, node.comparators[0])
        return ast.copy_location(ast.UnaryOp(ast.Not(), call) if isinstance(node.ops[0], ast.IsNot) else call, node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        is_read = node.attr == "__class__" and isinstance(node.ctx, ast.Load)
        return ast.copy_location(_call(_TYPE, node.value), node) if is_read else node

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> ast.AST:
        self.generic_visit(node)
        node.type = _call(_CAUGHT, node.type or ast.Name("BaseException", ast.Load()))
        return node

    def visit_Try(self, node: ast.Try) -> ast.AST:
        self.generic_visit(node)
        if node.finalbody:  # where a `return` swallows
            node.finalbody.insert(0, ast.copy_location(ast.Expr(_call(_CAUGHT, _NOTHING)), node.finalbody[0]))
        return node

    def visit_TryStar(self, node: Any) -> Any:
        for part in (node.body, node.orelse, node.finalbody, *(handler.body for handler in node.handlers)):
            part[:] = [self.visit(statement) for statement in part]
        return node

    def visit_With(self, node: ast.With) -> ast.AST:
        self.generic_visit(node)
        node.body = [_judged(node.body)]
        return node

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        return self._in_function(node, set())

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return self._in_function(node, _global_names(_own_statements(node)))

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        return self._in_function(node, set())

    visit_AsyncFunctionDef = visit_FunctionDef  # type: ignore[assignment]

    def _in_function(self, node: Any, names: set[str]) -> ast.AST:
        self._globals.append(names)
        self.generic_visit(node)
        self._globals.pop()
        return node  # type: ignore[no-any-return]

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if isinstance(node.ctx, ast.Load) or node.id not in self._globals[-1]:
            return node
        place = ast.Subscript(_call(_HERE), ast.Constant(node.id), node.ctx)
        return ast.copy_location(place, node)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.AST:
        node.value = self.visit(node.value)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.AST:
        self._globals.append(set())  # its own names, whatever the function says
        node.target = self.visit(node.target)
        self._globals.pop()
        node.iter, node.ifs = self.visit(node.iter), [self.visit(condition) for condition in node.ifs]
        return node


def _call(name: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(arguments), [])


def _judged(body: list[ast.stmt]) -> ast.Try:
    """The body of a `with`, whose manager may swallow what is raised in it: looked at first, and caught by nobody."""
    handler = ast.ExceptHandler(_call(_CAUGHT, _NOTHING), None, [ast.Pass()])
    return ast.copy_location(ast.Try(body, [handler], [], []), body[0])


def _global_names(nodes: Iterable[ast.AST]) -> set[str]:
    return {name for node in nodes if isinstance(node, ast.Global) for name in node.names}


def _own_statements(function: ast.FunctionDef) -> list[ast.AST]:
    """All nodes of a function that are not in a function inside it."""
    nodes: list[ast.AST] = []
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        nodes.append(node)
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))
    return nodes


class _Answers:
    """What is asked of the notebook about its objects."""

    def __init__(self, client: RpcClient) -> None:
        self._client = client

    def type_of(self, value: Any) -> Any:
        if _stays(value):
            return self._client.ask("type", _subject(value))
        if _is(value, LearnerError):
            return next(kind for kind in type(value).__mro__ if kind.__module__ == "builtins")
        return type(value)

    def class_of(self, value: Any) -> Any:
        is_ours = is_handle(value) or _is(value, Tensor | LearnerError)
        return self.type_of(value) if is_ours else value.__class__

    def id_of(self, value: Any) -> int:
        return int(self._client.ask_for(int, "id", value)) if is_handle(value) else id(value)

    def is_same(self, one: Any, other: Any) -> bool:
        if one is other:
            return True
        if is_handle(one) is not is_handle(other):
            named = _python(other if is_handle(one) else one)
            return has_library_name(named) and bool(self._client.ask_for(bool, "is", *map(_python, (one, other))))
        if type(one) is type(other) and _is_untracked(one) and _is_untracked(other) and len(one) == len(other) > 0:
            raise self._fault(f"A check asked whether a {type(one).__name__} is the very same; that does not cross.")
        return False

    def is_instance(self, value: Any, kinds: Any) -> bool:
        if _stays(value) or _has_handle(kinds):
            return bool(self._client.ask_for(bool, "isinstance", _subject(value), _python(kinds)))
        if _is(value, Tensor):
            raise self._fault(
                "A check asked for the type of a tensor that it made itself. Ask for its shape and dtype."
            )
        return isinstance(value, kinds)

    def is_subclass(self, kind: Any, kinds: Any) -> bool:
        if is_handle(kind) or _has_handle(kinds):
            return bool(self._client.ask_for(bool, "issubclass", kind, _python(kinds)))
        return issubclass(kind, kinds)

    def caught(self, kinds: Any) -> Any:
        """Return what an `except` takes of the error under way: never a fault; classes of the notebook are asked there."""
        error = sys.exc_info()[1]
        # `except BaseException` is taken too: a check that swallows a fault would pass for everybody.
        if _is(error, Fault):
            return ()
        if not _is(error, LearnerError):
            self._judge(error)
        if not _has_handle(kinds):
            return kinds
        listed = kinds if type(kinds) is tuple else (kinds,)
        plain = tuple(kind for kind in listed if not is_handle(kind))
        original = error.original if isinstance(error, LearnerError) else None
        if original is not None and self._client.ask_for(
            bool, "isinstance", original, tuple(filter(is_handle, listed))
        ):
            return (*plain, type(error))
        return plain

    def _judge(self, error: BaseException | None) -> None:
        """Raise a fault where Python refused a handle: it would refuse anybody's."""
        text = error.args[0] if error is not None and error.args and type(error.args[0]) is str else ""
        if NAME in text and not text.endswith("is not callable"):
            raise self._fault(f"A check used an {NAME} as if it were a value: {text}") from None

    def _fault(self, text: str) -> Fault:
        return self._client.remember(HandleMisuse(text))


class _Type:
    """The builtin `type` of a check: one argument is asked about, the rest is Python's own."""

    def __init__(self, answers: _Answers) -> None:
        self._answers = answers

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        if len(arguments) == 1 and not keywords:
            return self._answers.type_of(arguments[0])
        return type(*arguments, **keywords)

    def __getattr__(self, name: str) -> Any:
        return getattr(type, name)

    def __eq__(self, other: object) -> bool:
        return True if other is type or other is self else NotImplemented

    def __hash__(self) -> int:
        return hash(type)

    def __instancecheck__(self, value: Any) -> bool:
        return isinstance(value, type)

    def __subclasscheck__(self, kind: Any) -> bool:
        return issubclass(kind, type)

    def __mro_entries__(self, _: Any) -> tuple[type]:
        return (type,)

    def __or__(self, other: Any) -> Any:
        return type | other

    def __getitem__(self, item: Any) -> Any:
        return type[item]


def _stays(value: Any) -> bool:
    """Tell whether the notebook has the object that a value stands for."""
    if _is(value, LearnerError):
        return value.original is not None
    return is_handle(value) or (type(value) is Tensor and value.number is not None)


def _subject(value: Any) -> Any:
    return value.original if _is(value, LearnerError) else value


def _is(value: Any, kinds: Any) -> bool:
    """`isinstance` that never asks the value for its `__class__`."""
    return issubclass(type(value), kinds)


def _is_untracked(value: Any) -> bool:
    return type(value) in _UNTRACKED or (type(value) is Tensor and value.number is None and value.ndim > 0)


def _python(kinds: Any) -> Any:
    """Return classes as the notebook knows them: ours stands for `type`, a union is a tuple."""
    if type(kinds) is tuple:
        return tuple(map(_python, kinds))
    if type(kinds) is UnionType:
        return tuple(map(_python, kinds.__args__))
    return type if type(kinds) is _Type else kinds


def _importer(client: RpcClient) -> Callable[..., Any]:
    notebook = Learner(client)

    def import_(name: str, *arguments: Any, **keywords: Any) -> Any:
        return notebook if name == "__main__" else __import__(name, *arguments, **keywords)

    return import_


def _has_handle(kinds: Any) -> bool:
    return is_handle(kinds) or (type(kinds) is tuple and any(map(_has_handle, kinds)))


def _here() -> Any:
    return sys._getframe(1).f_globals


def _eval(source: Any, names: Any = None, local: Any = None, /) -> Any:
    return _run(eval, source, "eval", names, local)


def _exec(source: Any, names: Any = None, local: Any = None, /, **_: Any) -> None:
    _run(exec, source, "exec", names, local)


def _run(run: Callable[..., Any], source: Any, mode: str, names: Any, local: Any) -> Any:
    frame = sys._getframe(2)
    if names is None:
        names, local = frame.f_globals, frame.f_locals if local is None else local
    names.setdefault("__builtins__", frame.f_builtins) if type(names) is dict else None
    if isinstance(source, str | bytes):
        text = source if isinstance(source, str) else source.decode()
        source = compile_check(text.lstrip() if mode == "eval" else text, "<string>", mode)
    return run(source, names) if local is None else run(source, names, local)
