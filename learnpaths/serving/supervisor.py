"""Keeps a set of programs running in one foreground group: one loop reads their output, restarts them, ends them."""

import contextlib
import os
import selectors
import signal
import time
from collections.abc import Callable
from types import FrameType

from learnpaths.serving.process import Process, Program, adopt_orphans, kill_descendants, reap_orphans

RESTARTS = 5  # in a row; then everything stops
STEADY_SECONDS = 60.0  # a program that ran this long starts counting anew
FIRST_PAUSE = 1.0  # seconds before the first restart; doubled for each further one
TICK = 0.2
# A worker that gets SIGTERM first ends its running submission; SIGQUIT gives that back to the queue.
STOP_STEPS = ((signal.SIGTERM, 4.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 2.0))

Say = Callable[[str, str], None]


class ProgramFailed(Exception):
    """A program ended again and again; the text says which, how and what it said last."""


class Supervisor:
    """Use as a context manager: leaving it ends every program, the one that was started first after all others."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._running: dict[str, Process] = {}
        self._failures: dict[str, int] = {}
        self._due: dict[str, tuple[float, Program]] = {}
        self._last_words: dict[str, str] = {}
        self._selector = selectors.DefaultSelector()
        self._is_stopping = False
        self._wake_reader, self._wake_writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def __enter__(self) -> "Supervisor":
        adopt_orphans()
        self._selector.register(self._wake_reader, selectors.EVENT_READ)
        signal.set_wakeup_fd(self._wake_writer, warn_on_full_buffer=False)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # started with nohup: goes on without its terminal
            signal.signal(signal.SIGHUP, self._ask_to_stop)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)  # only to wake the loop
        return self

    def __exit__(self, *exception: object) -> None:
        self._end_all()
        signal.set_wakeup_fd(-1)
        self._selector.close()
        os.close(self._wake_reader)
        os.close(self._wake_writer)

    @property
    def is_stopping(self) -> bool:
        """True once somebody pressed Ctrl-C or sent SIGTERM."""
        return self._is_stopping

    def start(self, program: Program) -> None:
        process = Process(program)
        self._running[program.name] = process
        self._selector.register(process.output, selectors.EVENT_READ, process)

    def run_until(self, is_done: Callable[[], bool], *, seconds: float) -> bool:
        """Supervise until `is_done`; False where the time ran out or a stop was asked for first."""
        deadline = time.monotonic() + seconds
        while not self._is_stopping and time.monotonic() < deadline:
            if is_done():
                return True
            self._turn()
        return False

    def run(self) -> None:
        """Supervise until a stop is asked for. Raises ProgramFailed where a program cannot be kept running."""
        while not self._is_stopping:
            self._turn()

    # --- one turn of the loop ---
    def _turn(self) -> None:
        self._pump()
        for name, process in list(self._running.items()):
            if process.exit_status() is not None:
                self._note_end(name, process)
        reap_orphans({process.pid for process in self._running.values()})
        for name, (due, program) in list(self._due.items()):
            if time.monotonic() >= due:
                del self._due[name]
                self.start(program)

    def _pump(self, wait: float = TICK) -> None:
        for key, _ in self._selector.select(wait):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._wake_reader, 4096)
            else:
                self._print(key.data)

    def _print(self, process: Process) -> None:
        lines = process.read_lines()
        for line in lines:
            self._say(process.program.name, line)
            self._last_words[process.program.name] = line
        if not lines and process.exit_status() is not None:
            with contextlib.suppress(KeyError):
                self._selector.unregister(process.output)  # the end of its output

    def _note_end(self, name: str, process: Process) -> None:
        self._close(process)
        del self._running[name]
        ran = time.monotonic() - process.started
        failures = self._failures[name] = 1 if ran > STEADY_SECONDS else self._failures.get(name, 0) + 1
        how = describe_end(process.exit_status() or 0)
        if failures > RESTARTS:
            raise ProgramFailed(
                f"{name} {how} {failures} times in a row, so everything stops. "
                f"Its last words: {self._last_words.get(name, '(none)')}"
            )
        pause = FIRST_PAUSE * 2 ** (failures - 1)
        self._say("serve", f"{name} {how}; starting it again in {pause:.0f} s ({failures} of {RESTARTS})")
        self._due[name] = (time.monotonic() + pause, process.program)

    def _close(self, process: Process) -> None:
        self._print(process)
        with contextlib.suppress(KeyError):
            self._selector.unregister(process.output)
        process.output.close()
        process.signal_group(signal.SIGKILL)  # what it left behind in its group

    # --- the end ---
    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._is_stopping = True

    def _end_all(self) -> None:
        """End everything at once but the first program: that is the broker, which the others still talk to."""
        programs = list(self._running.values())
        self._end(programs[1:])
        self._end(programs[:1])
        self._running.clear()
        kill_descendants()

    def _end(self, processes: list[Process]) -> None:
        for number, patience in STOP_STEPS:
            for process in processes:
                if process.exit_status() is None:
                    process.signal_group(number) if number == signal.SIGKILL else process.signal(number)
            self._wait_for(processes, patience)
        for process in processes:
            self._close(process)

    def _wait_for(self, processes: list[Process], seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while any(process.exit_status() is None for process in processes) and time.monotonic() < deadline:
            self._pump(0.05)


def describe_end(status: int) -> str:
    """Say in words how a program ended: "ended with status 1", "was ended by SIGKILL"."""
    if status < 0:
        return f"was ended by {signal.Signals(-status).name}"
    return f"ended with status {status}"
