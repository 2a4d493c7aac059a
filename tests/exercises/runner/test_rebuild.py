"""Models rebuilt in the examiner: each allowed layer predicts what it did in the notebook; what is too large is refused unbuilt."""

import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from exercises.runner import architecture
from tests.exercises.runner import bombs, rebuilding

pytestmark = [pytest.mark.jail, pytest.mark.xdist_group("rebuilding")]  # one process runs each table, once
SAME = 1e-4  # of half precision and of reductions in another order


def run(module):
    """Run a module in the runtime, which has TensorFlow, and return the JSON object that it prints."""
    python = Path(settings.RUNTIME_DIR) / "bin" / "python"
    command = [str(python), "-W", "ignore", "-m", module.__name__]
    environment = {
        "PATH": "/usr/bin:/bin",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "HOME": "/nonexistent",
    }
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def differences():
    return run(rebuilding)


@pytest.fixture(scope="module")
def refusals():
    return run(bombs)


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("case", rebuilding.CASES)
def test_a_rebuilt_model_predicts_what_the_notebooks_does(differences, case):
    assert isinstance(differences[case], float), differences[case]
    assert differences[case] <= SAME


def test_every_allowed_layer_is_tried():
    tried = set(rebuilding.PLAIN) | set(rebuilding.MERGING)
    assert sorted(architecture._LAYERS - tried - {"InputLayer"}) == []


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", bombs.BOMBS)
def test_what_is_too_large_or_foreign_is_refused(refusals, name):
    words = refusals[name]
    assert words != "built"
    assert words.startswith(("In the layer", "The ", "More than")), "every refusal is in words of ours"
    assert len(words) < 400


def test_refusing_takes_no_memory(refusals):
    assert refusals["bytes"] < 400 * 2**20


@pytest.mark.parametrize("name", bombs.FITTING)
def test_what_is_large_for_a_reason_is_built(refusals, name):
    assert refusals[name] == "built"
