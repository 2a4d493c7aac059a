"""The web process: `python -m learnpaths.serving.web FD` serves the site on a socket that its parent already bound,
`python -m learnpaths.serving.web HOST:PORT` on an address of its own, which is what an image does.

A parent that listens from its first moment lets an early visitor wait instead of being refused, and a restart drops none.
"""

import os
import resource
import socket
import sys

import uvicorn

from learnpaths.environment import check_settings

MOST_FILES = 16_384


def listen(where: str) -> socket.socket:
    """Return the listening socket that `where` means: the number of an inherited descriptor, or HOST:PORT."""
    if where.isdigit():
        return socket.socket(fileno=int(where))
    host, _, port = where.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, int(port)), family=family, backlog=512)


def raise_file_limit() -> None:
    """Let this process have more connections than the 1,024 files that a shell gives: one that comes too many stops all."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(MOST_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def run(listener: socket.socket) -> None:
    """Serve until SIGTERM or SIGINT; requests that run then get a few seconds to end."""
    raise_file_limit()
    config = uvicorn.Config(
        "learnpaths.asgi:application",
        log_config=None,  # Django's settings configure the logs
        access_log=False,  # the request log of learnpaths.core says more and no secrets
        server_header=False,
        proxy_headers=False,  # Django's settings say whether a proxy is trusted
        lifespan="off",  # Django has none
        timeout_graceful_shutdown=2,  # event streams never end by themselves
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "learnpaths.settings")
    check_settings(os.environ["DJANGO_SETTINGS_MODULE"])
    run(listen(sys.argv[1]))
