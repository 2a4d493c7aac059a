"""A small HTTP client for measuring: many connections in one event loop, each kept open."""

import asyncio
import time
from dataclasses import dataclass, field

PATIENCE = 60.0


@dataclass
class Visitor:
    """One open connection to the site, with the cookies of a session or none."""

    port: int
    cookie: str = ""
    _streams: "tuple[asyncio.StreamReader, asyncio.StreamWriter] | None" = field(default=None, init=False)

    async def get(self, path: str) -> int:
        """Read one page to its end and return its status."""
        reader, _ = await self._open(path)
        status, length, is_chunked = await _head(reader)
        if is_chunked:
            while size := int((await reader.readline()).strip() or b"0", 16):
                await reader.readexactly(size + 2)
            await reader.readline()
        else:
            await reader.readexactly(length)
        return status

    async def follow(self, path: str) -> asyncio.StreamReader:
        """Open a stream of events and return it after its head."""
        reader, _ = await self._open(path)
        status, _, _ = await _head(reader)
        if status != 200:
            raise RuntimeError(f"{path} answers {status}")
        return reader

    async def ask(self, path: str) -> int:
        """Ask for a stream and return the status; the stream, if there is one, stays open."""
        reader, _ = await self._open(path)
        status, _, _ = await _head(reader)
        return status

    async def close(self) -> None:
        if self._streams:
            self._streams[1].close()

    async def _open(self, path: str) -> "tuple[asyncio.StreamReader, asyncio.StreamWriter]":
        if self._streams is None:
            self._streams = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", self.port), PATIENCE)
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\nCookie: {self.cookie}\r\n\r\n"
        self._streams[1].write(head.encode())
        return self._streams


async def _head(reader: asyncio.StreamReader) -> tuple[int, int, bool]:
    lines = (await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)).decode("latin-1").lower().split("\r\n")
    fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
    return (
        int(lines[0].split()[1]),
        int(fields.get("content-length", 0)),
        "chunked" in fields.get("transfer-encoding", ""),
    )


async def rate(port: int, path: str, *, cookie: str = "", visitors: int = 8, seconds: float = 4.0) -> float:
    """Return how many requests per second a few visitors get who never pause."""

    async def read(visitor: Visitor) -> int:
        number = 0
        while time.monotonic() < end:
            assert await visitor.get(path) == 200, path
            number += 1
        return number

    crowd = [Visitor(port, cookie) for _ in range(visitors)]
    await asyncio.gather(*(visitor.get(path) for visitor in crowd))
    started = time.monotonic()
    end = started + seconds
    done = sum(await asyncio.gather(*map(read, crowd)))
    elapsed = time.monotonic() - started
    await asyncio.gather(*(visitor.close() for visitor in crowd))
    return done / elapsed


async def read_together(port: int, path: str, *, visitors: int, rounds: int) -> list[float]:
    """Return the seconds of each page that so many readers saw, each asking again as soon as it has read."""

    async def read(visitor: Visitor) -> list[float]:
        seconds = []
        for _ in range(rounds):
            started = time.monotonic()
            assert await visitor.get(path) == 200, path
            seconds.append(time.monotonic() - started)
        return seconds

    crowd = [Visitor(port) for _ in range(visitors)]
    times = [each for times in await asyncio.gather(*map(read, crowd)) for each in times]
    await asyncio.gather(*(visitor.close() for visitor in crowd))
    return times


def read_for(port: int, path: str, seconds: float) -> list[tuple[float, float]]:
    """Read a page again and again for so long, and return when each reading began and how long it took."""

    async def read() -> list[tuple[float, float]]:
        visitor, visits = Visitor(port), []
        end = time.monotonic() + seconds
        while (began := time.monotonic()) < end:
            assert await visitor.get(path) == 200, path
            visits.append((began, time.monotonic() - began))
            await asyncio.sleep(0.005)
        await visitor.close()
        return visits

    return asyncio.run(read())
