import json
import subprocess
from pathlib import Path

import pytest
from django.conf import settings

from tests.exercises.runner import in_runtime
from tests.exercises.runner.loop import Loop


@pytest.fixture(scope="session")
def runtime_outcomes():
    """What came of the cases of `in_runtime`, by module and name."""
    python = Path(settings.RUNTIME_DIR) / "bin" / "python"
    environment = {
        "PATH": "/usr/bin:/bin",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "CUDA_VISIBLE_DEVICES": "-1",
        "HOME": "/nonexistent",
        "MPLCONFIGDIR": "/tmp",
    }
    command = [str(python), "-W", "ignore", "-m", in_runtime.__name__]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture
def notebook():
    """An empty notebook and its examiner."""
    return Loop({})
