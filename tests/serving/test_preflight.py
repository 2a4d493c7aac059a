"""What must hold before anything starts; each refusal says what helps."""

import socket

import pytest

from learnpaths.serving import preflight
from learnpaths.serving.preflight import Refusal


def test_one_copy_runs_from_a_folder(tmp_path):
    state, first = tmp_path / "state", "http://localhost:8000"
    with (
        preflight.only_copy(state, first),
        pytest.raises(Refusal, match=f"already running .*{first}"),
        preflight.only_copy(state, "http://localhost:9000"),
    ):
        raise AssertionError("two copies")
    with preflight.only_copy(state, "http://localhost:9000"):
        pass  # the first has ended: its file means nothing


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with (
        pytest.raises(Refusal, match="Set LEARNPATHS_STATE_DIR"),
        preflight.only_copy(tmp_path / "file" / "state", "x"),
    ):
        raise AssertionError("no folder")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_it_listens(host):
    with preflight.listen(host, 0) as listener:
        socket.create_connection(listener.getsockname()[:2], timeout=5).close()


def test_a_taken_port_names_another_one():
    with preflight.listen("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(Refusal, match=f"Port {port} is taken .* PORT={port + 1}"):
            preflight.listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused():
    with pytest.raises(Refusal, match=r"Cannot listen on 192\.0\.2\.1"):
        preflight.listen("192.0.2.1", 8000)


@pytest.mark.parametrize(("number", "words"), [(13, "administrator's rights"), (99, "Cannot listen")])
def test_other_reasons_are_told(number, words):
    assert words in preflight._port_refusal("127.0.0.1", 80, OSError(number, "no"))


def test_a_missing_runtime_says_how_it_is_made(tmp_path):
    with pytest.raises(Refusal, match="make runtime"):
        preflight.check_runtime(tmp_path)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python").write_text("")
    (tmp_path / "bin" / "python").chmod(0o755)
    preflight.check_runtime(tmp_path)


def test_without_user_namespaces_it_names_the_settings(monkeypatch):
    monkeypatch.setattr(preflight.sys, "executable", "/bin/false")
    with pytest.raises(Refusal, match="unprivileged_userns_clone"):
        preflight.check_user_namespaces()
    monkeypatch.setattr(preflight.sys, "executable", "/bin/true")
    preflight.check_user_namespaces()
