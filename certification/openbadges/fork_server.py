"""The fork server for strangers' JSON-LD documents: `python -m certification.openbadges.fork_server`, started by `hashing`.

It has imported everything and forks a child for each document, which comes and goes over a socket of its own. The child
has limits that the kernel keeps, so that any document ends, and it knows no secret: its environment is empty.
"""

import array
import gc
import json
import os
import resource
import signal
import socket
from types import FrameType
from typing import Any

from . import signing
from .canonical import CREDENTIALS_V2, OPEN_BADGES
from .errors import BadgeError, TooCostly
from .errors import gettext_noop as _

CPU_SECONDS = 2
WALL_SECONDS = 10  # a wide net: a busy machine must not decide what a badge is worth
MEMORY_BYTES = 512 * 2**20
LONGEST_QUESTION = 2**20
_SAMPLE = {
    "@context": [CREDENTIALS_V2, OPEN_BADGES],
    "id": "urn:uuid:00000000-0000-4000-8000-000000000000",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "credentialSubject": {"type": ["AchievementSubject"], "achievement": {"type": ["Achievement"]}},
}


class OutOfTime(BaseException):
    """The processor time is used up; no `except Exception` on the way may stop it."""


def main() -> None:
    """Serve until the parent is gone, which closes the socket that is our standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's affair
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the children
    control = socket.socket(fileno=0)
    warm_up()
    while True:
        data, descriptors = receive(control)
        if not data:
            return
        for descriptor in descriptors:
            start_child(control, descriptor)


def warm_up() -> None:
    """Read the contexts once, so that no child has to."""
    signing.hash_data(_SAMPLE, {"type": "DataIntegrityProof"})
    gc.collect()
    gc.freeze()  # what is shared stays shared


def receive(control: socket.socket) -> tuple[bytes, list[int]]:
    """Return a byte and the descriptors that came with it; nothing once the other end is closed."""
    numbers = array.array("i")
    data, ancillary, _flags, _address = control.recvmsg(1, socket.CMSG_SPACE(4 * numbers.itemsize))
    for level, kind, content in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
            numbers.frombytes(content[: len(content) - len(content) % numbers.itemsize])
    return data, list(numbers)


def start_child(control: socket.socket, descriptor: int) -> None:
    """Fork a child that answers over `descriptor`. If there is no process to be had, the asker sees an empty reply."""
    try:
        if os.fork() == 0:
            control.close()
            status = 1
            try:
                answer_one(socket.socket(fileno=descriptor))
                status = 0
            finally:
                os._exit(status)
    except OSError:
        pass
    os.close(descriptor)


def answer_one(connection: socket.socket) -> None:
    """Read a question and answer it, within the limits."""
    signal.setitimer(signal.ITIMER_REAL, WALL_SECONDS)  # SIGALRM ends the process
    question = json.loads(read_all(connection))
    os.nice(question["nice"])
    limit()
    try:
        reply = answer_to(question["document"])
    except (OutOfTime, MemoryError, RecursionError):
        reply = describe(TooCostly(_("Checking it takes more work than an honest badge needs, so it was ended.")))
    connection.sendall(json.dumps(reply).encode())


def answer_to(document: dict[str, Any]) -> dict[str, Any]:
    """Return `{"hash": …}` or `{"error": …}`."""
    try:
        return {"hash": signing.hash_document(document).hex()}
    except BadgeError as error:
        return describe(error)


def describe(error: BadgeError) -> dict[str, Any]:
    facts = {name: fact if isinstance(fact, int) else str(fact)[:500] for name, fact in error.facts.items()}
    return {"error": {"kind": type(error).__name__, "message": error.message, "facts": facts}}


def limit() -> None:
    """Have the kernel bound what this process uses."""
    signal.signal(signal.SIGXCPU, _end)
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))  # the second ends it whatever it does
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_all(connection: socket.socket) -> bytes:
    chunks, size = [], 0
    while size <= LONGEST_QUESTION and (chunk := connection.recv(65536)):
        chunks.append(chunk)
        size += len(chunk)
    return b"".join(chunks)


def _end(number: int, frame: FrameType | None) -> None:
    raise OutOfTime


if __name__ == "__main__":
    main()
