"""`python -m bench.chaos --submissions 300`: kill parts of a grading site at random while it grades, then count.

Starts a broker, a worker and the clock in a folder of their own, submits notebooks of known outcome for several learners
all the while, and kills with SIGKILL, at random moments, a pool process, the zygote, a learner's kernel, an examiner, the
clock, the worker or the broker; what we started ourselves we start again. With `--database` and `--redis` it runs on those
servers (the database is emptied first) and drops their connections instead of killing them. Stops by itself.

Prints what came of it as JSON on standard output and as a table on standard error; exit 1 where a promise broke: every
accepted submission has one typed verdict, which is the right one or names the fault; none is counted twice; no process and
no file is left.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LEARNERS = 6
PATIENCE = 300  # seconds without any progress after which a run is given up
# What is killed, and how much more often than a worker, whose start takes longest.
TARGETS = {
    "pool child": 3,
    "kernel": 3,
    "examiner": 3,
    "zygote": 1,
    "worker": 1,
    "clock": 1,
    "broker": 2,
    "database": 2,
}
EXERCISE = """title = "Add"
summary = "Add two numbers."
queue = "cpu"
minutes = 5
pass_percent = 60
[limits]
cpu_seconds = 60
[[mutant]]
name = "zero"
fails = ["adds", "adds-unseen"]
why = "Returns nothing useful"
"""
NOTEBOOK = '''# %% [markdown] id="story"
# # Add

# %% id="add" role="solution"
def add(a, b):
    """Return the sum."""
    ### BEGIN SOLUTION
    return a + b
    ### END SOLUTION

# %% id="adds" role="check" points=1 requires=["add"] title="Adds small numbers"
assert add(1, 2) == 3, "1 + 2 is 3."

# %% id="adds-unseen" role="check" hidden=true points=3 title="Adds unseen numbers" feedback="Try negative numbers."
assert add(40, 2) == 42
'''
ZERO = '# %% id="add"\ndef add(a, b):\n    return 0\n'
RIGHT, WRONG = "return a + b", "return a - b"


class Site:
    """Broker, worker and clock as children of this process; whatever they leave behind falls to it, too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.restarts: Counter[str] = Counter()

    def start(self, name: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                self._command(name), cwd=ROOT, stdout=log, stderr=log, start_new_session=True
            )

    @property
    def has_own_broker(self) -> bool:
        from django.conf import settings

        return bool(settings.ENVIRONMENT.embedded_broker)

    def _command(self, name: str) -> list[str]:
        from django.conf import settings

        from learnpaths.serving import broker

        if name == "broker":
            path = Path(settings.REDIS_URL.removeprefix("unix://"))
            broker.make_private(path.parent)
            return broker.command(path, path.parent)
        if name == "worker":
            return [sys.executable, "manage.py", "worker", "--queue", "cpu", "--with-default", "--concurrency", "2"]
        schedule = str(settings.STATE_DIR / "beat-schedule")
        return [sys.executable, "-m", "celery", "--quiet", "-A", "learnpaths.celery", "beat", "--schedule", schedule,
                "--pidfile="]  # fmt: skip

    def keep_up(self) -> None:
        """Start again what has ended."""
        for name, process in list(self.running.items()):
            if process.poll() is not None:
                self.restarts[name] += 1
                self.start(name)

    def stop(self) -> None:
        """End everything in order; the broker last."""
        for name in ("worker", "clock", "broker"):
            if name not in self.running:
                continue
            process = self.running.pop(name)
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(90)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Killer:
    """Knows who is who below the worker, and kills one of them."""

    def __init__(self, site: Site, dice: random.Random) -> None:
        self._site = site
        self._dice = dice
        self.kills: Counter[str] = Counter()

    def strike(self) -> None:
        """Kill one process, or drop the connections, of a kind that exists now."""
        while True:
            target = self._dice.choices(list(TARGETS), list(TARGETS.values()))[0]
            if _has_dropped(target):
                self.kills[f"connections of the {target}"] += 1
                return
            pids = list(self.find(target))
            if pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(self._dice.choice(pids), signal.SIGKILL)
                    self.kills[target] += 1
                return

    def find(self, target: str) -> Iterator[int]:
        """Yield the process ids of a kind."""
        from exercises.sandbox import process_tree

        worker = self._site.running["worker"].pid
        zygote = process_tree.find_zygote(worker)
        if target in self._site.running:
            yield self._site.running[target].pid
        elif target == "pool child":
            yield from (pid for pid in process_tree.list_children(worker) if b"bwrap" not in _command_line(pid))
        elif target == "zygote" and zygote:
            yield zygote
        elif target in ("kernel", "examiner") and zygote:
            yield from (pid for pid in _leased(zygote) if _is_kernel(pid) == (target == "kernel"))


def _has_dropped(target: str) -> bool:
    """Drop all connections of a server that is not ours to kill; False where it is ours, or has none."""
    from django.conf import settings
    from django.db import connection

    if target == "database" and connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid()"
            )
        return True
    if target == "broker" and not settings.ENVIRONMENT.embedded_broker:
        from learnpaths.core.redis import connection as client

        number = client().connection_pool.connection_kwargs.get("db", 0)
        for each in client().client_list():
            if each["db"] == str(number):
                client().client_kill_filter(_id=each["id"])
        return True
    return False


def _leased(zygote: int) -> Iterator[int]:
    """Yield the first processes of the jails in use: those have moved from / to their work folder."""
    from exercises.sandbox import process_tree

    for supervisor in process_tree.list_children(zygote):
        for pid in process_tree.list_children(supervisor):
            with contextlib.suppress(OSError):
                if Path(f"/proc/{pid}/cwd").readlink().name == "work":
                    yield pid


def _is_kernel(pid: int) -> bool:
    """A kernel listens on its channels from threads; an examiner has one."""
    with contextlib.suppress(OSError):
        return sum(1 for _ in Path(f"/proc/{pid}/task").iterdir()) > 2
    return False


def _command_line(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def prepare(folder: Path, database: str, redis: str) -> None:
    """Write the exercise, and make this process and its children use `folder` (or those servers) for everything."""
    exercise = folder / "content" / "exercises" / "add"
    (exercise / "mutants").mkdir(parents=True)
    (exercise / "exercise.toml").write_text(EXERCISE)
    (exercise / "notebook.py").write_text(NOTEBOOK)
    (exercise / "mutants" / "zero.py").write_text(ZERO)
    (folder / "tmp").mkdir()
    for name, value in {"DATABASE_URL": database, "REDIS_URL": redis}.items():
        os.environ.pop(name, None)
        os.environ.update({name: value} if value else {})
    os.environ.setdefault("LEARNPATHS_RUNTIME_DIR", str(ROOT / ".runtimes" / "tf-2.21"))
    os.environ.update(
        LEARNPATHS_STATE_DIR=str(folder / "state"),
        LEARNPATHS_CONTENT_DIRS=str(folder / "content"),
        LEARNPATHS_MODE="embedded",
        TMPDIR=str(folder / "tmp"),
        DJANGO_SETTINGS_MODULE="learnpaths.settings",
    )
    import django

    django.setup()
    from django.core.management import call_command

    from learnpaths.serving.process import adopt_orphans

    adopt_orphans()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    if redis:
        from learnpaths.core.redis import connection

        connection().flushdb()


def load() -> tuple[Any, list[Any]]:
    """Return the exercise and the learners."""
    from django.conf import settings
    from django.contrib.auth import get_user_model

    from exercises import exercise_files, services
    from exercises.models import Exercise

    reading = exercise_files.read(settings.CONTENT_DIRS[0] / "exercises")
    assert not reading.problems, reading.problems
    services.save_exercise(definition=reading.items["add"])
    users = [
        get_user_model().objects.create_user(email=f"learner{number}@example.org", password=None)
        for number in range(LEARNERS)
    ]
    return Exercise.objects.select_related("version").get(), users


def run(folder: Path, *, submissions: int, seed: int, interval: tuple[float, float], minutes: float) -> dict[str, Any]:
    """Do the whole thing and return the counts and the broken promises."""
    site, dice = Site(folder), random.Random(seed)  # noqa: S311 - chance, not secrecy
    for name in ("broker", "worker", "clock") if site.has_own_broker else ("worker", "clock"):
        site.start(name)
    killer = Killer(site, dice)
    started = time.monotonic()
    try:
        wait_for_worker(site)
        expected = storm(site, killer, dice, submissions, interval, started + 60 * minutes)
        waited = _until(lambda: not _open(), site)
    finally:
        site.stop()
    outcome = judge(expected)
    if outcome["verdicts"].get("kernel_died", 0) > killer.kills["kernel"]:
        outcome["broken"].append("more kernels died than were killed: a fault of ours was given to a learner")
    outcome["left"] = leftovers(folder)
    outcome["broken"] += [f"left over: {left}" for left in outcome["left"]]
    outcome["broken"] += [] if waited else [f"{_open()} submissions never finished"]
    return {
        "submissions": len(expected), "asked_for": submissions, "seed": seed, "database": _vendor(), "seconds": round(time.monotonic() - started, 1),
        "kills": dict(killer.kills), "kills_in_all": killer.kills.total(), "restarts": dict(site.restarts), **outcome,
    }  # fmt: skip


def _vendor() -> str:
    from django.db import connection

    return connection.vendor


def wait_for_worker(site: Site) -> None:
    from exercises import selectors

    if not _until(lambda: selectors.queue_state("cpu") == "ready", site):
        raise SystemExit("the worker never became ready: " + (site.folder / "worker.log").read_text()[-2000:])


def storm(
    site: Site, killer: Killer, dice: random.Random, submissions: int, interval: tuple[float, float], deadline: float
) -> dict[Any, str]:
    """Submit and kill until as many submissions were accepted (or time is up) and nearly all of them are graded."""
    from django.db import DatabaseError

    from exercises import services
    from exercises.assignment.notebook_files import Sources

    exercise, users = load()
    expected: dict[Any, str] = {}
    next_kill = time.monotonic() + dice.uniform(*interval)
    while len(expected) < submissions or _open() > 2:
        if time.monotonic() > deadline:
            submissions = len(expected)
        if len(expected) < submissions and _open() < 2 * LEARNERS:
            is_right = dice.random() < 0.6
            source = f"import time\ntime.sleep({dice.uniform(0, 1.5):.2f})\ndef add(a, b):\n    {RIGHT if is_right else WRONG}"
            with contextlib.suppress(DatabaseError):  # its connection was dropped: not accepted, so nothing is promised
                row = services.submit(user=dice.choice(users), exercise=exercise, sources=Sources({"add": source}))
                expected[row.id] = "passed" if is_right else "failed"
        site.keep_up()
        if time.monotonic() >= next_kill:
            killer.strike()
            next_kill = time.monotonic() + dice.uniform(*interval)
        time.sleep(0.1)
        if _seconds_since_progress() > PATIENCE:
            break
    return expected


def _open() -> int:
    from exercises.models import State, Submission

    return Submission.objects.exclude(state=State.FINISHED).count()


def _seconds_since_progress() -> float:
    from django.db.models import Max
    from django.utils import timezone

    from exercises.models import Submission

    last = Submission.objects.aggregate(finished=Max("finished_at"), created=Max("created_at"))
    times = [moment for moment in last.values() if moment]
    return (timezone.now() - max(times)).total_seconds() if times else 0.0


def _until(is_true: Callable[[], bool], site: Site) -> bool:
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        site.keep_up()
        if time.monotonic() > deadline:
            return False
        time.sleep(0.2)
    return True


def judge(expected: dict[Any, str]) -> dict[str, Any]:
    """Compare what the rows, the progress and the events say with what was accepted."""
    from exercises.models import State, Submission, Verdict
    from learnpaths.progress.models import StepProgress

    rows = list(Submission.objects.select_related("user"))
    broken = [] if {row.id for row in rows} == set(expected) else ["rows and accepted submissions differ"]
    faults = {Verdict.SYSTEM_ERROR, Verdict.KERNEL_DIED}
    for row in rows:
        if row.state == State.FINISHED and row.verdict not in {expected.get(row.id), *faults}:
            broken.append(f"{row.id} is {row.verdict}, not {expected.get(row.id)}")
        if row.state != State.FINISHED or row.token is not None or not 1 <= row.tries <= 3:
            broken.append(f"{row.id}: {row.state}, {row.tries} tries, claim {row.token}")
    for user in {row.user for row in rows}:
        counted = [
            row.points or 0 for row in rows if row.user == user and row.verdict in ("passed", "failed", "kernel_died")
        ]
        steps = list(StepProgress.objects.filter(user=user).values_list("points", flat=True))
        if steps != ([max(counted)] if counted else []):
            broken.append(f"{user}: progress {steps}, results {sorted(counted)}")
    verdicts = Counter(row.verdict or row.state for row in rows)
    tries = Counter(str(row.tries) for row in rows)
    return {
        "verdicts": dict(verdicts),
        "verdicts_in_all": len(rows),
        "tries": dict(sorted(tries.items())),
        "broken": broken,
    }


def leftovers(folder: Path) -> list[str]:
    """Return what is still there: processes that fell to us, and temporary files."""
    from learnpaths.serving.process import list_children, reap_orphans

    for _ in range(50):
        reap_orphans(set())
        processes = list_children()
        if not processes:
            break
        time.sleep(0.1)
    left = [f"process {pid} {_command_line(pid)[:120]!r}" for pid in processes]
    return left + [f"file {path}" for path in (folder / "tmp").iterdir()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--submissions", type=int, default=300)
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))  # noqa: S311
    parser.add_argument("--interval", type=float, nargs=2, default=(2.0, 8.0), help="seconds from one kill to the next")
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    parser.add_argument("--minutes", type=float, default=20, help="submit no more after so long")
    parser.add_argument("--database", default="", help="URL of a PostgreSQL database of its own, which is emptied")
    parser.add_argument("--redis", default="", help="URL of a Redis database of its own, which is emptied")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="lp-chaos-"))
    prepare(folder, options.database, options.redis)
    result = run(
        folder,
        submissions=options.submissions,
        seed=options.seed,
        interval=tuple(options.interval),
        minutes=options.minutes,
    )
    print(json.dumps(result, indent=1))  # noqa: T201 - the result
    for name, value in result.items():
        print(f"{name:<16}{value}", file=sys.stderr)  # noqa: T201
    if options.keep or result["broken"]:
        print(f"logs: {folder}", file=sys.stderr)  # noqa: T201
    else:
        shutil.rmtree(folder, ignore_errors=True)
    raise SystemExit(1 if result["broken"] else 0)


if __name__ == "__main__":
    main()
