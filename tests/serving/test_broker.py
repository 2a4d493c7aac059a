"""The bundled broker: found, private, and known to answer or not."""

import os
import stat
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from learnpaths.serving import broker


def test_a_server_is_found_and_runs():
    answer = subprocess.run([broker.find_server(), "--version"], capture_output=True, text=True, check=True)
    assert "server" in answer.stdout.lower()


def test_without_any_server_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(broker, "find_spec", lambda name: None)
    monkeypatch.setattr(broker.shutil, "which", lambda name: None)
    with pytest.raises(broker.BrokerError, match="Install valkey-server or redis-server"):
        broker.find_server()


def test_the_systems_server_will_do(monkeypatch):
    monkeypatch.setattr(broker, "find_spec", lambda name: None)
    monkeypatch.setattr(broker.shutil, "which", lambda name: "/usr/bin/" + name if name == "redis-server" else None)
    assert broker.find_server() == Path("/usr/bin/redis-server")


def test_a_folder_is_made_for_this_user_alone(tmp_path):
    folder = tmp_path / "a" / "b"
    broker.make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    folder.chmod(0o755)
    broker.make_private(folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_link_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(broker.BrokerError, match="belongs to another user"):
        broker.make_private(tmp_path / "link")


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives folders away")
def test_somebody_elses_folder_is_refused(tmp_path):
    os.chown(tmp_path, 65534, 65534)
    with pytest.raises(broker.BrokerError, match="belongs to another user"):
        broker.make_private(tmp_path)
    os.chown(tmp_path, 0, 0)


@pytest.mark.parametrize(("keep", "word"), [(True, "yes"), (False, "no")])
def test_it_listens_on_its_socket_only(tmp_path, keep, word):
    words = broker.command(tmp_path / "a.sock", tmp_path, keep=keep)
    options = dict(zip(words[1::2], words[2::2], strict=True))
    assert (options["--port"], options["--unixsocket"]) == ("0", str(tmp_path / "a.sock"))
    assert (options["--appendonly"], options["--unixsocketperm"]) == (word, "700")


def test_it_is_known_whether_one_answers(tmp_path):
    assert broker.is_answering(settings.REDIS_URL)
    assert not broker.is_answering(f"unix://{tmp_path}/nothing.sock")
