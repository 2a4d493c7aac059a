"""Which accelerators a host has, and what of it a jail must see to use one.

Device nodes and driver libraries: https://docs.nvidia.com/datacenter/cloud-native (nvidia-container-toolkit) and
https://cloud.google.com/tpu/docs/run-in-container (/dev/accel*, /dev/vfio). The rest of CUDA is part of the runtime.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from .errors import NoDevice

DRIVER_FOLDER = "/opt/learnpaths/driver"
NAMES = {"gpu": "GPU", "tpu": "TPU"}  # what TensorFlow calls them
_ACCELERATORS = {"gpu": ("nvidia[0-9]*",), "tpu": ("accel[0-9]*", "vfio/[0-9]*")}
_SHARED = {
    "gpu": ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools", "nvidia-modeset", "nvidia-caps/*"),
    "tpu": ("vfio/vfio",),
}
_REQUIRED = {"gpu": ("nvidiactl", "nvidia-uvm"), "tpu": ()}
_LIBRARY_FOLDERS = (
    *("usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu", "usr/lib64", "usr/lib", "lib64"),
    *("usr/local/nvidia/lib64", "usr/local/nvidia/lib", "usr/lib/wsl/lib", "run/opengl-driver/lib"),
)
_LIBRARIES = {
    "gpu": (
        *("libcuda.so*", "libcudadebugger.so*", "libnvidia-ml.so*", "libnvidia-ptxjitcompiler.so*"),
        *("libnvidia-nvvm*.so*", "libnvidia-gpucomp.so*"),
    ),
    "tpu": ("libtpu.so*",),
}


@dataclass(frozen=True, kw_only=True)
class Devices:
    """What jails must see of the host below `root`: the nodes of accelerators, those that all share, driver libraries."""

    queue: str
    root: Path
    accelerators: tuple[Path, ...]
    shared: tuple[Path, ...]
    libraries: tuple[Path, ...]

    @property
    def name(self) -> str:
        """What TensorFlow calls such an accelerator."""
        return NAMES[self.queue]

    def split(self) -> "list[Devices]":
        """Return what one job each may have: a GPU of its own, or all chips of a TPU, which work as one."""
        if self.queue == "tpu":
            return [self]
        return [replace(self, accelerators=(node,)) for node in self.accelerators]

    def mounts(self) -> Iterator[str]:
        """Yield the arguments for bubblewrap that bring them into the jail's /dev and `DRIVER_FOLDER`."""
        for node in (*self.shared, *self.accelerators):
            yield from ("--dev-bind", str(node), f"/{node.relative_to(self.root)}")
        yield from ("--perms", "0755", "--dir", DRIVER_FOLDER)
        for library in self.libraries:
            yield from ("--ro-bind", str(library), f"{DRIVER_FOLDER}/{library.name}")

    def variables(self) -> Iterator[str]:
        """Yield the arguments for bubblewrap that make TensorFlow find them, and take memory only as it needs it."""
        yield from ("--setenv", "LD_LIBRARY_PATH", DRIVER_FOLDER)
        if self.queue == "gpu":
            yield from ("--unsetenv", "CUDA_VISIBLE_DEVICES")
            yield from ("--setenv", "TF_FORCE_GPU_ALLOW_GROWTH", "true")
            yield from ("--setenv", "XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def list_devices(queue: str = "gpu", root: Path = Path("/")) -> Devices:
    """Return the accelerators of a queue's kind (gpu or tpu) below `root`. Raises NoDevice, saying what is missing."""
    dev = root / "dev"
    accelerators = _matches(dev, _ACCELERATORS[queue])
    if not accelerators:
        wanted = " or ".join(f"/dev/{pattern}" for pattern in _ACCELERATORS[queue])
        raise NoDevice(f"This host has no {queue} device: there is no {wanted}.")
    if missing := [name for name in _REQUIRED[queue] if not (dev / name).exists()]:
        names = ", ".join(f"/dev/{name}" for name in missing)
        raise NoDevice(
            f"This host's {queue} driver is not complete: {names} is missing (try `nvidia-modprobe -u -c 0`)."
        )
    libraries = {
        path.name: path for folder in reversed(_LIBRARY_FOLDERS) for path in _matches(root / folder, _LIBRARIES[queue])
    }
    if queue == "gpu" and not any(name.startswith("libcuda.so") for name in libraries):
        raise NoDevice("This host has a GPU, but the driver's library libcuda.so.1 is nowhere to be found.")
    return Devices(
        queue=queue,
        root=root,
        accelerators=accelerators,
        shared=_matches(dev, _SHARED[queue]),
        libraries=tuple(libraries.values()),
    )


def _matches(folder: Path, patterns: tuple[str, ...]) -> tuple[Path, ...]:
    files = {path for pattern in patterns for path in folder.glob(pattern) if not path.is_dir()}
    return tuple(sorted(files))
