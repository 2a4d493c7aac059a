"""The real `manage.py serve`: it answers, refuses clearly, and leaves nothing behind."""

import signal
import socket
import stat

import pytest
import redis

from tests.serving.running import still_alive

LESSONS_ONLY = "--without-worker"


def test_it_answers_and_ends_cleanly(site):
    running = site().start(LESSONS_ONLY)
    running.wait_for_output(f"Learnpaths is at {running.origin}")
    assert running.get("/healthz")[0] == 200
    assert running.get("/readyz")[1]["checks"]["broker"] == "ok"
    processes = running.processes()
    assert len(processes) == 3  # itself, broker, web
    assert running.stop(signal.SIGINT) == 0
    assert not still_alive(processes)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", running.port), timeout=5)


def test_sigterm_ends_it_too(site):
    running = site().start(LESSONS_ONLY)
    running.wait_for_output("Learnpaths is at")
    processes = running.processes()
    assert running.stop(signal.SIGTERM) == 0
    assert not still_alive(processes)


def test_a_killed_site_leaves_nothing_running(site):
    running = site().start(LESSONS_ONLY)
    running.wait_for_output("Learnpaths is at")
    processes = running.processes()
    assert running.stop(signal.SIGKILL) == -signal.SIGKILL
    assert not still_alive(processes)


def test_passwords_are_shown_once_and_can_be_reset(site):
    running = site().start(LESSONS_ONLY)
    running.wait_for_output("Learnpaths is at")
    passwords = running.passwords()
    assert [address.partition("@")[0] for address in passwords] == ["learner", "educator", "admin"]
    assert running.stop() == 0
    answer = running.manage("demo_accounts", "--reset")
    assert answer.stdout.count("@example.org") == 3, answer.stderr
    assert not set(passwords.values()) & set(answer.stdout.split())
    running.start(LESSONS_ONLY).wait_for_output("demo_accounts --reset")
    assert running.passwords() == {}


def test_a_second_copy_is_refused(site):
    first = site().start(LESSONS_ONLY)
    first.wait_for_output("Learnpaths is at")
    second = site().start(LESSONS_ONLY)
    assert second.process.wait(60) == 1
    assert f"already running from {first.state_dir}: process {first.process.pid}, {first.origin}" in second.output()
    assert first.get("/healthz")[0] == 200


def test_a_taken_port_is_refused(site):
    running = site()
    with socket.create_server(("127.0.0.1", running.port)):
        assert running.start(LESSONS_ONLY).process.wait(60) == 1
    assert f"Port {running.port} is taken" in running.output()
    assert "Traceback" not in running.output()


def test_a_missing_runtime_is_refused(site, tmp_path):
    running = site(LEARNPATHS_RUNTIME_DIR=str(tmp_path / "nowhere")).start()
    assert running.process.wait(60) == 1
    assert "make runtime" in running.output()
    assert "Traceback" not in running.output()


def test_a_folder_that_cannot_be_written_is_refused(site, tmp_path):
    (tmp_path / "file").write_text("")
    running = site(LEARNPATHS_STATE_DIR=str(tmp_path / "file" / "state")).start(LESSONS_ONLY)
    assert running.process.wait(60) == 1
    assert "cannot be written" in running.output()


@pytest.mark.parametrize("folder", ["with space", "per%cent", "long" * 30])
def test_any_folder_will_do(site, folder):
    running = site(folder).start(LESSONS_ONLY)
    running.wait_for_output("Learnpaths is at")
    assert running.get("/readyz")[1]["checks"] == {"database": "ok", "broker": "ok", "workers": "failed"}
    assert running.stop() == 0


def test_what_it_keeps_is_private(site):
    running = site().start(LESSONS_ONLY)
    running.wait_for_output("Learnpaths is at")
    for name in ("db.sqlite3", "secret-key", "serve.lock"):
        assert stat.S_IMODE((running.state_dir / name).stat().st_mode) == 0o600, name
    assert stat.S_IMODE((running.state_dir / "broker").stat().st_mode) == 0o700


def test_the_broker_comes_back_with_its_data(site):
    running = site().start(LESSONS_ONLY)
    running.wait_for_output("Learnpaths is at")
    with redis.Redis(unix_socket_path=str(running.state_dir / "broker" / "valkey.sock")) as client:
        client.set("kept", "yes")
    assert running.stop() == 0
    running.start(LESSONS_ONLY).wait_for_output("Learnpaths is at")
    with redis.Redis(unix_socket_path=str(running.state_dir / "broker" / "valkey.sock")) as client:
        assert client.get("kept") == b"yes"


@pytest.mark.jail
def test_with_its_worker_it_is_ready_and_leaves_nothing(site):
    running = site().start()
    running.wait_until_ready()
    assert running.get("/readyz")[1]["checks"] == {"database": "ok", "broker": "ok", "workers": "ok"}
    processes = running.processes()
    assert running.stop() == 0
    assert not still_alive(processes)
