"""What the zygote imports is there, and it does not fork a TensorFlow that has started."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from exercises.runner import zygote

from .in_runtime import assert_holds, names_of
from .in_runtime import zygote as cases


@pytest.mark.jail
@pytest.mark.xdist_group("in_runtime")
@pytest.mark.parametrize("case", names_of(cases))
def test_it_holds_in_the_runtime(runtime_outcomes, case):
    assert_holds(runtime_outcomes, cases, case)


@pytest.mark.jail
@pytest.mark.parametrize("name", zygote._WARM)
def test_what_is_imported_ahead_is_in_the_runtime(name):
    site = next(Path(settings.RUNTIME_DIR).glob("lib/python3*/site-packages"))
    path = site.joinpath(*name.split("."))
    assert path.is_dir() or path.with_suffix(".py").is_file()


def test_an_event_is_a_line_of_json(capsys):
    zygote._say(event="ready", seconds=1.5)
    assert json.loads(capsys.readouterr().out) == {"event": "ready", "seconds": 1.5}
