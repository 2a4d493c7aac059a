"""`manage.py sandbox_check` says which layers of the jail hold, and fails where one does not."""

from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from exercises.sandbox import selftest


@pytest.mark.jail
def test_it_works(capsys):
    call_command("sandbox_check")
    lines = capsys.readouterr().out.splitlines()
    assert lines and all(line.startswith(("holds", "off")) for line in lines)


@pytest.mark.jail
def test_a_missing_layer_fails(monkeypatch, capsys):
    monkeypatch.setattr(selftest, "examine", lambda address: [SimpleNamespace(name="network", holds=False, tried="x")])
    with pytest.raises(CommandError, match="not complete") as failure:
        call_command("sandbox_check")
    assert failure.value.returncode == 1 and "MISSING" in capsys.readouterr().out


def test_without_a_runtime_the_engine_fails(settings, tmp_path):
    settings.RUNTIME_DIR = tmp_path / "nothing"
    with pytest.raises(CommandError) as failure:
        call_command("sandbox_check")
    assert failure.value.returncode == 3
