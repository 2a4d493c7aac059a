"""What a kernel does is stopped after its time, once, and a kernel that does not stop is ended."""

import pytest

from exercises.kernels.host.time_limits import TimeLimits
from exercises.kernels.host.work import Closing, Stopped, WorkMonitor

LONG = 1000.0


class Kernel:
    """Counts how often it was interrupted."""

    interrupts = 0

    def interrupt(self):
        self.interrupts += 1


@pytest.fixture
def kernel():
    return Kernel()


def monitor(kernel, obey_seconds=LONG):
    return WorkMonitor(TimeLimits(idle_seconds=LONG, obey_seconds=obey_seconds), kernel.interrupt)


def test_work_within_its_time_is_left_alone(kernel):
    watching = monitor(kernel)
    with watching.watch(LONG) as work:
        watching.check()
        work.check_stopped()
    assert not work.is_stopped and kernel.interrupts == 0


def test_work_beyond_its_time_is_stopped_once(kernel):
    watching = monitor(kernel)
    with watching.watch(-1.0) as work:
        watching.check()
        watching.check()
    assert work.is_late and kernel.interrupts == 1
    with pytest.raises(Stopped):
        work.check_stopped()


def test_what_somebody_stopped_is_not_late(kernel):
    watching = monitor(kernel)
    with watching.watch(LONG) as work:
        watching.stop()
        watching.stop()
        watching.check()
    assert work.is_stopped and not work.is_late and kernel.interrupts == 1


@pytest.mark.parametrize(
    ("seconds", "reason", "limit"), [(LONG, "interrupted", ""), (-1.0, "time_limit", "-1 seconds")]
)
def test_a_kernel_that_does_not_stop_is_ended(kernel, seconds, reason, limit):
    watching = monitor(kernel, obey_seconds=-1.0)
    with watching.watch(seconds):
        if not limit:
            watching.stop()
        with pytest.raises(Closing) as end:
            watching.check()
    assert (end.value.reason, end.value.limit) == (reason, limit)


def test_a_kernel_that_does_nothing_has_nothing_to_stop(kernel):
    watching = monitor(kernel)
    with watching.watch(-1.0):
        pass
    watching.stop()
    watching.check()
    assert kernel.interrupts == 0
