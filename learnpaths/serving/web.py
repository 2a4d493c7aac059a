"""The web process: `python -m learnpaths.serving.web FD` serves the site on a socket that its parent already bound.

The parent listens from its first moment, so an early visitor waits instead of being refused, and a restart drops none.
"""

import socket
import sys

import uvicorn


def run(fd: int) -> None:
    listener = socket.socket(fileno=fd)
    config = uvicorn.Config(
        "learnpaths.asgi:application",
        log_config=None,  # Django's settings configure the logs
        access_log=False,  # the request log of learnpaths.core says more and no secrets
        server_header=False,
        lifespan="off",  # Django has none
        timeout_graceful_shutdown=2,  # event streams never end by themselves
    )
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    run(int(sys.argv[1]))
