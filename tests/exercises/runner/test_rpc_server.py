"""The notebook's side of a remote call: each request has a reply, whatever the notebook's objects do."""

import sys

import pytest

from exercises.runner import rpc_server


@pytest.fixture
def notebook():
    return {"x": 5, "items": [1, 2], "double": lambda x: 2 * x}


@pytest.fixture
def server(notebook):
    return rpc_server.RpcServer(notebook)


def ask(server, op, *args, also=(), forget=()):
    return server.answer({"op": op, "args": list(args), "also": list(also), "forget": list(forget)}, []).tree


def test_it_works(server, notebook):
    assert ask(server, "get", "x")["ok"] == 5
    assert ask(server, "has", "y")["ok"] is False
    assert ask(server, "names")["ok"][1] == ["x", "items", "double"]
    assert ask(server, "set", "y", 7)["ok"] is None and notebook["y"] == 7
    assert ask(server, "delete", "y")["ok"] is None and "y" not in notebook


def test_an_object_is_a_handle_that_can_be_called(server):
    handle = ask(server, "get", "double")["ok"]
    assert handle[0] == "h" and handle[2:] == ["function", "callable"]
    assert ask(server, "call", handle, ["t", [21]], ["t", []])["ok"] == 42


def test_an_error_is_told_by_its_built_in_type(server, notebook):
    class Odd(ValueError):
        pass

    def refuse():
        raise Odd("no")

    notebook["refuse"] = refuse
    handle = ask(server, "get", "refuse")["ok"]
    name, text, missing, arguments, original = ask(server, "call", handle, ["t", []], ["t", []])["error"]
    assert (name, text, missing, arguments) == ("ValueError", "Odd: no", None, ["t", ["no"]])
    assert original[2].endswith("Odd")


def test_a_missing_name_is_told(server):
    assert ask(server, "get", "nothing")["error"][:3] == [
        "NameError",
        "The notebook does not define 'nothing'.",
        "nothing",
    ]


@pytest.mark.parametrize("tree", [None, {}, {"op": "get"}, {"op": "shout", "args": [], "also": [], "forget": []}])
def test_a_request_that_makes_no_sense_has_a_reply_all_the_same(server, tree):
    reply = server.answer(tree, []).tree
    assert "fault" in reply or "error" in reply


def test_an_object_that_was_forgotten_is_a_fault(server):
    handle = ask(server, "get", "double")["ok"]
    assert "forgotten" in ask(server, "len", handle, forget=[handle[1]])["fault"]


def test_what_a_call_changes_comes_back_with_the_reply(server, notebook):
    items = ask(server, "get", "items")["ok"]
    notebook["append"] = lambda values: values.append(3)
    append = ask(server, "get", "append")["ok"]
    reply = ask(server, "call", append, ["t", [["r", items[2]]]], ["t", []])
    assert reply["also"] == [["l", [1, 2, 3], items[2]]]


def test_what_is_too_large_to_be_copied_is_a_handle(server, notebook):
    notebook["many"] = [0] * 300_000
    assert ask(server, "get", "many")["ok"][:1] == ["h"]


def test_what_a_call_prints_is_kept_and_passed_on(server, notebook, capsys):
    notebook["shout"] = lambda: sys.stdout.write("hello\n") and None
    handle = ask(server, "get", "shout")["ok"]
    assert ask(server, "call", handle, ["t", []], ["t", []])["printed"] == ["hello\n", ""]
    assert capsys.readouterr().out == "hello\n"
    assert rpc_server._clean("a\ud800") == "a?", "what no message can hold"


def test_an_error_whose_text_cannot_be_read(server, notebook):
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError

    def refuse():
        raise Mute

    notebook["refuse"] = refuse
    handle = ask(server, "get", "refuse")["ok"]
    assert "text cannot be read" in ask(server, "call", handle, ["t", []], ["t", []])["error"][1]


def test_a_context_is_left_with_an_error_of_the_same_kind():
    class Context:
        def __exit__(self, kind, error, _):
            self.error = error
            return True

    context = Context()
    assert rpc_server._exit(context, "ValueError", "no") is True
    assert type(context.error) is ValueError and str(context.error) == "no"
    rpc_server._exit(context, "SystemExit", "no")
    assert type(context.error) is Exception, "what ends a process is not made here"
    assert rpc_server._exit(context, None, "") is False and context.error is None
