"""What a worker proves about its jail before it takes work, and what `manage.py sandbox_check` prints.

The canaries run in a learner's kernel on the real zygote, so that a missing layer is found by trying, not by reading settings.
"""

import json
from dataclasses import dataclass
from pathlib import Path

from exercises.assignment.definition import Limits

from .budget import RunBudget
from .errors import CannotConfine, NoDevice, RunEnded
from .kernel import Kernel
from .zygote_process import Zygote

_CANARIES = Path(__file__).with_name("canaries.py")
_LIMITS = Limits(wall_seconds=30, disk_bytes=8 * 2**20, memory_bytes=512 * 2**20)
_DEVICE_LIMITS = Limits(wall_seconds=120, cpu_seconds=120, memory_bytes=8 * 2**30)
_PROOF = """import tensorflow as tf
with tf.device("/{name}:0"):
    product = tf.ones((64, 64)) @ tf.ones((64, 64))
print(product.device, float(tf.reduce_sum(product)))
"""


@dataclass(frozen=True)
class Layer:
    """One layer of the jail: what was tried, and whether it held."""

    name: str
    tried: str
    holds: bool


def examine(address: str) -> list[Layer]:
    """Try every canary in a jail of the zygote at `address`. Raises SandboxError where no jail can be started at all."""
    with Kernel(address, limits=_LIMITS, seed=1, budget=RunBudget(_LIMITS)) as kernel:
        run = kernel.execute(_CANARIES.read_text())
    if run.error:
        raise CannotConfine(f"The self-test of the jail failed: {run.error['name']}: {run.error['message']}")
    return [Layer(*row) for row in json.loads(run.output)]


def examine_group(zygote: Zygote) -> Layer | None:
    """Tell whether the zygote is held by the control group that it was started in; None where it was given none."""
    if zygote.group is None:
        return None
    limits = zygote.group.limits()
    tried = ", ".join(f"{name} is {value}" for name, value in limits.items())
    holds = bool(limits) and "max" not in limits.values() and zygote.group.holds(zygote.pid)
    return Layer("control group", f"around the zygote and all jails: {tried}", holds)


def require(address: str) -> None:
    """Raise CannotConfine, naming the layers, unless every canary failed to escape."""
    missing = [f"{layer.name} ({layer.tried})" for layer in examine(address) if not layer.holds]
    if missing:
        raise CannotConfine(f"This worker's jail lacks: {'; '.join(missing)}. It takes no work.")


def prove_device(address: str, name: str) -> None:
    """Compute on the accelerator (`GPU`, `TPU`) inside a jail of the zygote at `address`.

    Raises NoDevice where that is impossible, or where TensorFlow would do it on the CPU instead.
    """
    try:
        with Kernel(
            address, limits=_DEVICE_LIMITS, seed=1, budget=RunBudget(_DEVICE_LIMITS), accelerator=name
        ) as kernel:
            run = kernel.execute(_PROOF.format(name=name))
    except CannotConfine as error:
        raise NoDevice(f"No {name} can be used inside the jail: {str(error).splitlines()[-1]}") from error
    except RunEnded as end:
        raise NoDevice(f"Computing on the {name} inside the jail did not end well: {end.ending}.") from end
    if run.error:
        raise NoDevice(f"TensorFlow cannot use the {name} inside the jail: {run.error['message'][:500]}")
    device, _, total = run.output.strip().rpartition(" ")
    if f"{name}:0" not in device or float(total) != 64.0**3:
        raise NoDevice(f"TensorFlow computed on {device!r} instead of the {name}.")
