"""Lua scripts for Redis, kept as files: each runs as one step, so that no two processes interleave in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from learnpaths.core.redis import async_connection, connection


@dataclass(frozen=True)
class Script:
    """One script. It is called by its digest, and sent again to a broker that does not know it, as after a restart."""

    text: str

    def run(self, keys: Iterable[str], *args: Any) -> Any:
        """Return the script's answer, over this process's connection. Raises redis.RedisError."""
        return connection().register_script(self.text)(keys=list(keys), args=args)

    async def run_async(self, keys: Iterable[str], *args: Any) -> Any:
        """Return the script's answer, over the running event loop's connection. Raises redis.RedisError."""
        # Registered per call: that computes a digest and sends nothing, and each loop and each fork has its own client.
        return await async_connection().register_script(self.text)(keys=list(keys), args=args)


def read_script(folder: Path, *names: str) -> Script:
    """Return the script made of `<name>.lua` files of a folder, in this order: what several scripts share comes first."""
    return Script("\n".join((folder / f"{name}.lua").read_text() for name in names))
