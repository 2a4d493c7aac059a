"""What a process calls itself in logs."""

import os
import socket


def worker_name() -> str:
    """Return the host and process of this worker."""
    return f"{socket.gethostname()}:{os.getpid()}"
