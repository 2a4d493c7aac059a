"""The life of a real worker: it proves its hardware, serves every runtime, gives back, and outlives its zygotes."""

import signal
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from exercises import services
from exercises.assignment.reader import read_exercise
from exercises.grading import engine, events, heartbeats, zygotes
from exercises.management.commands.worker import _share
from exercises.models import Exercise, State, Submission
from exercises.sandbox import devices, process_tree, selftest
from exercises.sandbox.budget import RunBudget
from exercises.sandbox.errors import NoDevice, RuntimeMissing
from exercises.sandbox.kernel import Kernel
from tests.exercises.conftest import ANSWERS
from tests.exercises.samples import write_exercise
from tests.exercises.sandbox.test_devices import write_devices
from tests.exercises.worker_processes import LONG, Worker, has_begun, is_finished, is_waiting, wait_until


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return write_exercise(tmp_path_factory.mktemp("content")).parents[1]


@pytest.fixture(scope="module")
def runtimes(tmp_path_factory):
    """The installed runtime, and once more under another name."""
    folder = tmp_path_factory.mktemp("runtimes")
    for name in (Path(settings.RUNTIME_DIR).name, "tf-next"):
        (folder / name).symlink_to(settings.RUNTIME_DIR)
    return folder


@pytest.fixture(scope="module")
def worker(django_db_setup, content, runtimes, tmp_path_factory):
    """One worker for the tests of this module; its temporary folder has a short name because sockets lie in it."""
    runtime = str(runtimes / Path(settings.RUNTIME_DIR).name)
    made = Worker(content, tmp_path_factory.mktemp("w"), LEARNPATHS_RUNTIME_DIR=runtime)
    yield made
    made.stop()


@pytest.fixture
def running_worker(worker):
    if worker.process is None or worker.process.poll() is not None:
        worker.start()
    return worker.wait_until_ready()


@pytest.fixture
def submit(transactional_db, content, alice):
    definition = read_exercise(content / "exercises" / "add", content / "data")[0]

    def submit(sources=ANSWERS, user=alice, runtime="tf-2.21"):
        services.save_exercise(definition=replace(definition, runtime=runtime))
        exercise = Exercise.objects.select_related("version").get()
        return services.submit(user=user, exercise=exercise, sources=sources)

    return submit


@pytest.mark.jail
def test_it_serves_every_runtime(running_worker, submit):
    (announced,) = heartbeats.workers("cpu")
    assert announced.runtimes == ("tf-2.21", "tf-next") and announced.slots == 2
    for runtime in announced.runtimes:
        row = submit(runtime=runtime)
        wait_until(lambda row=row: is_finished(row))
        row.refresh_from_db()
        assert (row.verdict, row.report["runtime"]["name"]) == ("passed", runtime)


@pytest.mark.jail
def test_a_cancelled_run_ends_at_once(running_worker, submit):
    row = submit(LONG)
    wait_until(lambda: has_begun(row))
    zygote = running_worker.zygote
    assert not process_tree.is_idle(zygote, 4)
    services.cancel_submission(submission=row)
    # Two seconds are promised; a machine that is busy with other things may take longer, the whole run takes sixty.
    wait_until(lambda: process_tree.is_idle(zygote, 4), 20)
    assert Submission.objects.get().verdict == "cancelled"


@pytest.mark.jail
def test_a_worker_told_to_go_at_once_gives_back(running_worker, submit):
    row = submit(LONG)
    wait_until(lambda: has_begun(row))
    running_worker.process.send_signal(signal.SIGQUIT)
    wait_until(lambda: is_waiting(row), 60)
    running_worker.process.wait(120)
    row.refresh_from_db()
    assert (row.state, row.tries, row.token) == (State.QUEUED, 0, None)
    assert running_worker.left() == []
    assert heartbeats.workers("cpu") == []


def test_a_worker_ended_while_it_warms_up_leaves_nothing(content, tmp_path_factory, db):
    young = Worker(content, tmp_path_factory.mktemp("w")).start()
    # One of ours, not the file by which Python tries whether it can write there
    wait_until(lambda: any(name.startswith("learnpaths-") for name in young.left()))
    assert young.stop() == 128 + signal.SIGTERM
    assert young.left() == []


def test_a_worker_serves_what_it_has_and_nothing_else(monkeypatch):
    monkeypatch.setattr(zygotes, "_zygotes", {})
    monkeypatch.setattr(zygotes, "_is_fixed", False)
    zygotes.serve_only([zygotes.new_zygote("tf-2.21")])
    assert zygotes.served_runtimes() == ["tf-2.21"]
    with pytest.raises(RuntimeMissing, match=r"does not serve the runtime tf-1\.15"):
        zygotes.zygote_of("tf-1.15")
    with pytest.raises(NoDevice, match="on the queue gpu"):
        zygotes.zygote_of("tf-2.21", "gpu")


# --- hardware ---


def has_accelerator():
    return [*Path("/dev").glob("nvidia[0-9]*"), *Path("/dev").glob("accel[0-9]*")]


@pytest.mark.skipif(bool(has_accelerator()), reason="this machine has an accelerator")
def test_a_worker_without_its_device_refuses_to_start(content, tmp_path_factory, db):
    refused = Worker(content, tmp_path_factory.mktemp("w"))
    assert refused.start("--queue", "gpu").process.wait(120) == 3
    said = refused.log.read_text()
    assert "This host has no gpu device" in said and "Traceback" not in said
    assert heartbeats.workers("gpu") == []


@pytest.mark.skipif(bool(has_accelerator()), reason="this machine has an accelerator")
def test_a_notebook_is_never_graded_on_the_cpu_instead(content, monkeypatch):
    monkeypatch.setattr(zygotes, "_zygotes", {})
    definition = read_exercise(content / "exercises" / "add", content / "data")[0]
    with pytest.raises(NoDevice, match="no gpu device"):
        engine.grade_notebook(replace(definition, queue="gpu"), ANSWERS, seed=1)


@pytest.fixture(scope="module")
def gpu_zygote(tmp_path_factory):
    """A zygote that was given the first of two GPUs, which are plain files."""
    first, _ = devices.list_devices(root=write_devices(tmp_path_factory.mktemp("root"))).split()
    zygote = zygotes.new_zygote(spares=2, devices=first)
    zygote.start()
    yield zygote
    zygote.stop()


SEES = """import os
print(sorted(name for name in os.listdir("/dev") if name.startswith("nvidia")))
print(open("/dev/nvidia0").read(), open("/opt/learnpaths/driver/libcuda.so.1").read())
print(os.environ["LD_LIBRARY_PATH"], os.environ["TF_FORCE_GPU_ALLOW_GROWTH"], os.environ.get("CUDA_VISIBLE_DEVICES"))
"""


@pytest.mark.jail
def test_a_jail_sees_its_own_gpu_only(gpu_zygote):
    with Kernel(gpu_zygote.address, limits=selftest._LIMITS, seed=1, budget=RunBudget(selftest._LIMITS)) as kernel:
        run = kernel.execute(SEES)
    assert run.output.splitlines() == [
        "['nvidia-caps', 'nvidia-uvm', 'nvidia0', 'nvidiactl']",
        "nvidia0 a driver",
        "/opt/learnpaths/driver true -1",  # nobody promised this kernel an accelerator
    ], run.error


@pytest.mark.jail
def test_a_jail_without_a_working_device_is_no_proof(gpu_zygote):
    with pytest.raises(NoDevice, match="TensorFlow sees no GPU in this jail"):
        selftest.prove_device(gpu_zygote.address, "GPU")


@pytest.mark.jail
def test_a_run_without_the_promised_device_is_a_fault_of_ours(gpu_zygote, submission, monkeypatch):
    from exercises.grading import claims, job_runner

    monkeypatch.setattr(zygotes, "_zygotes", {("gpu", "tf-2.21"): [gpu_zygote]})
    for _ in range(claims.MAX_TRIES):
        job_runner.run(submission.id, grade_notebook=on_gpu)
    submission.refresh_from_db()
    assert (submission.verdict, submission.points) == ("system_error", 0)
    assert [event.kind for event in events.read(submission.id)].count("cell") == 0


def on_gpu(definition, sources, **options):
    return engine.grade_notebook(replace(definition, queue="gpu"), sources, **options)


@pytest.mark.jail
def test_a_gpu_serves_one_job_at_a_time(gpu_zygote, monkeypatch):
    monkeypatch.setattr(zygotes, "_zygotes", {("gpu", "tf-2.21"): [gpu_zygote]})
    monkeypatch.setattr(zygotes, "_DEVICE_SECONDS", 0.2)
    with (
        zygotes.hold_zygote("tf-2.21", "gpu"),
        pytest.raises(NoDevice, match="busy"),
        zygotes.hold_zygote("tf-2.21", "gpu"),
    ):
        pass
    with zygotes.hold_zygote("tf-2.21", "gpu") as again:
        assert again is gpu_zygote


def test_a_state_folder_that_cannot_be_written_shares_nothing_and_stops_nothing(settings, tmp_path):
    """As in an image, whose file system is read-only."""
    settings.STATE_DIR = tmp_path / "a file"
    settings.STATE_DIR.touch()
    _share(zygotes.new_zygote())
    assert zygotes.shared() == {}
