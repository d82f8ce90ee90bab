"""Bodies of requests: read in the time, to the size and on the disk space that they may have."""

from __future__ import annotations

import asyncio
import io
import tempfile
from collections.abc import Awaitable, Callable
from typing import IO, Any

Receive = Callable[[], Awaitable[dict[str, Any]]]

#: The time for a body, and the rate at which a large one must arrive.
SECONDS = 10
BYTES_PER_SECOND = 64 * 1024
#: How much of a body is in memory; more is on disk.
IN_MEMORY = 64 * 1024
#: How much all bodies of this process may have on disk together.
ON_DISK = 512 * 1024 * 1024
#: How much of a body that is too large is read, so that its sender can read the refusal.
READ_AT_MOST = 128 * 1024 * 1024


class BodyTooSlow(Exception):
    """The body has not arrived in time."""


class BodyTooLarge(Exception):
    """The body is larger than anything that is read, or the disk space is used up."""


class ClientGone(Exception):
    """The client has closed the connection."""


class Bodies:
    """Reads the bodies of all requests of a process."""

    def __init__(self) -> None:
        self._on_disk = 0

    async def read(self, receive: Receive, keep: int) -> Body:
        """Read a body to its end, and keep its first `keep` bytes.

        Raises:
            BodyTooSlow: it has not arrived in time.
            BodyTooLarge: there is no room for it.
            ClientGone: the client has closed the connection.
        """
        loop = asyncio.get_running_loop()
        start = loop.time()
        body = Body()
        try:
            async with asyncio.timeout(SECONDS) as limit:
                more = True
                while more:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        raise ClientGone
                    more = message.get("more_body", False)
                    self._add(body, message.get("body", b""), keep)
                    limit.reschedule(start + SECONDS + body.length / BYTES_PER_SECOND)
        except TimeoutError:
            self.close(body)
            raise BodyTooSlow from None
        except BaseException:
            self.close(body)
            raise
        body.file.seek(0)
        return body

    def close(self, body: Body) -> None:
        """Give back the space of a body."""
        self._on_disk -= body.on_disk
        body.on_disk = 0
        body.file.close()

    def _add(self, body: Body, chunk: bytes, keep: int) -> None:
        kept = chunk[: max(keep - body.length, 0)]
        if body.length + len(kept) > IN_MEMORY:
            added = len(kept) if body.on_disk else body.length + len(kept)
            if self._on_disk + added > ON_DISK:
                raise BodyTooLarge
            body.to_disk()
            self._on_disk += added
            body.on_disk += added
        body.file.write(kept)
        body.length += len(chunk)
        if body.length > READ_AT_MOST:
            raise BodyTooLarge


class Body:
    """A body, as a file of what is kept of it, and its whole length in bytes."""

    def __init__(self) -> None:
        self.file: IO[bytes] = io.BytesIO()
        self.length = 0
        self.on_disk = 0

    def to_disk(self) -> None:
        """Move what there is to a file on disk, if it is not there."""
        if isinstance(self.file, io.BytesIO):
            begun, self.file = self.file, tempfile.TemporaryFile()  # noqa: SIM115 (closed later)
            self.file.write(begun.getvalue())
