"""What a kernel leaves behind in the log, without a jail."""

import threading

import pytest
from structlog.testing import capture_logs

from exercises.kernels.host.session_thread import SessionThread
from exercises.kernels.host.time_limits import TimeLimits
from exercises.kernels.session import HeldSession, key_of

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_kernel_is_one_line_of_log(alice, exercise) -> None:
    """Here one that never began, because no worker has its runtime."""
    session = HeldSession(key=key_of(alice.pk, "add"), id="1", host="here", version=exercise.version.pk, seed=1)
    session_thread = SessionThread(
        session,
        time_limits=TimeLimits(idle_seconds=60.0),
        zygote_addresses=dict,
        is_stopping=threading.Event(),
    )
    with capture_logs() as lines:
        session_thread.run()
    (line,) = [line for line in lines if line["event"] == "kernel_ended"]
    assert (line["key"], line["reason"]) == (f"kernel:{alice.pk}:add", "system_error")
    assert line["seconds"] >= 0
    assert line["worker"]
