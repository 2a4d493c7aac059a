"""Which accelerators a host has, as a device tree of plain files; what a jail must see of them."""

from dataclasses import replace

import pytest

from exercises.sandbox import devices
from exercises.sandbox.errors import NoDevice


@pytest.fixture
def fake_root(tmp_path):
    """A host with two GPUs, as a device tree of plain files."""
    return write_devices(tmp_path)


def write_devices(root):
    for name in ("nvidia0", "nvidia1", "nvidiactl", "nvidia-uvm", "nvidia-caps/nvidia-cap1", "null"):
        path = root / "dev" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    library = root / "usr/lib/x86_64-linux-gnu/libcuda.so.1"
    library.parent.mkdir(parents=True)
    library.write_text("a driver")
    return root


def test_devices_and_driver_libraries_are_found(fake_root):
    host = devices.list_devices(root=fake_root)
    assert [path.name for path in host.accelerators] == ["nvidia0", "nvidia1"]
    assert [path.name for path in host.shared] == ["nvidia-cap1", "nvidia-uvm", "nvidiactl"]
    assert [path.name for path in host.libraries] == ["libcuda.so.1"]


def test_each_job_gets_one_gpu(fake_root):
    parts = devices.list_devices(root=fake_root).split()
    assert [[node.name for node in part.accelerators] for part in parts] == [["nvidia0"], ["nvidia1"]]
    assert all(part.shared == parts[0].shared for part in parts)


def test_a_tpu_is_found_and_stays_whole(tmp_path):
    (tmp_path / "dev").mkdir()
    for chip in ("accel0", "accel1"):
        (tmp_path / "dev" / chip).touch()
    (part,) = devices.list_devices("tpu", root=tmp_path).split()
    assert (part.name, len(part.accelerators)) == ("TPU", 2)


@pytest.mark.parametrize("queue", ["gpu", "tpu"])
def test_a_host_without_the_hardware_is_refused(queue, tmp_path):
    with pytest.raises(NoDevice, match=f"no {queue} device"):
        devices.list_devices(queue, root=tmp_path)


def test_a_missing_node_or_library_is_named(fake_root):
    (fake_root / "dev" / "nvidia-uvm").unlink()
    with pytest.raises(NoDevice, match="/dev/nvidia-uvm is missing"):
        devices.list_devices(root=fake_root)
    (fake_root / "dev" / "nvidia-uvm").touch()
    (fake_root / "usr/lib/x86_64-linux-gnu/libcuda.so.1").unlink()
    with pytest.raises(NoDevice, match=r"libcuda\.so\.1"):
        devices.list_devices(root=fake_root)


def test_a_jail_is_given_its_nodes_and_the_driver_and_no_other(fake_root):
    first, _ = devices.list_devices(root=fake_root).split()
    mounts = list(first.mounts())
    nodes = {mounts[at + 2] for at, word in enumerate(mounts) if word == "--dev-bind"}
    assert nodes == {"/dev/nvidia0", "/dev/nvidiactl", "/dev/nvidia-uvm", "/dev/nvidia-caps/nvidia-cap1"}
    assert mounts[-1] == f"{devices.DRIVER_FOLDER}/libcuda.so.1"


def test_only_a_gpu_s_tensorflow_is_told_of_cuda(fake_root):
    gpu = devices.list_devices(root=fake_root)
    assert "CUDA_VISIBLE_DEVICES" in list(gpu.variables())
    assert "CUDA_VISIBLE_DEVICES" not in list(replace(gpu, queue="tpu").variables())
