"""A small server of HTTP/1.1 for one ASGI application, which may also break its connections.

The product's server answers every request, so that it cannot play one that does not.
"""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import unquote

import h11

Application = Callable[[dict[str, Any], Any, Any], Awaitable[None]]

READ_BYTES = 64 * 1024
#: Closing a socket that lingers for no time resets its connection.
_NO_LINGER = struct.pack("ii", 1, 0)


class Dropped(Exception):
    """Raised by the application: the connection ends here, whatever was sent of the answer."""

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__(reset)
        self.reset = reset


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; port 0 is any that is free. Raises OSError."""
    return socket.create_server((host, port), backlog=512)


async def serve(application: Application, listening: socket.socket, end: asyncio.Event) -> None:
    """Serve until the event is set. The socket stays open: whoever has made it closes it."""
    connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if end.is_set():
            writer.transport.abort()
            return
        task = asyncio.create_task(_Connection(application, reader, writer).run())
        connections[task] = writer
        task.add_done_callback(connections.pop)

    server = await asyncio.start_server(connected, sock=listening)
    await end.wait()
    # Not `server.close()`, after which asyncio loses a connection that it is accepting.
    asyncio.get_running_loop().remove_reader(server.sockets[0])
    # Wait for no client: they keep connections open.
    for task, writer in connections.copy().items():
        task.cancel()
        writer.transport.abort()  # also of a task that has not begun
    await asyncio.gather(*connections, return_exceptions=True)


class _Connection:
    """One connection of a client, and its requests one after the other."""

    def __init__(
        self,
        application: Application,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self._application = application
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER)
        self._method = b""

    async def run(self) -> None:
        try:
            while isinstance(request := await self._event(), h11.Request):
                self._method = request.method
                await self._application(self._scope(request), self._receive, self._send)
                while self._http.their_state is h11.SEND_BODY:  # the rest, which no one read
                    await self._event()
                if self._http.our_state is not h11.DONE or self._http.their_state is not h11.DONE:
                    break
                self._http.start_next_cycle()
        except Dropped as dropped:
            if dropped.reset:
                connection: socket.socket = self._writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                self._writer.transport.abort()
        except (OSError, h11.ProtocolError):
            pass
        finally:
            self._writer.close()

    async def _event(self) -> Any:
        """The next event of the client's; ConnectionClosed when it is gone."""
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._http.they_are_waiting_for_100_continue:
                await self._write(h11.InformationalResponse(status_code=100, headers=[]))
            self._http.receive_data(await self._reader.read(READ_BYTES))
        return event

    async def _receive(self) -> dict[str, Any]:
        event = await self._event()
        if event is h11.PAUSED:  # the next request is here, and this one is not answered
            await asyncio.Event().wait()
        match event:
            case h11.Data():
                return {"type": "http.request", "body": bytes(event.data), "more_body": True}
            case h11.EndOfMessage():
                return {"type": "http.request", "body": b"", "more_body": False}
            case _:
                return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            headers = [*message["headers"], (b"date", formatdate(usegmt=True).encode())]
            await self._write(h11.Response(status_code=message["status"], headers=headers))
            return
        if message["body"] and self._method != b"HEAD":
            await self._write(h11.Data(data=message["body"]))
        if not message.get("more_body"):
            await self._write(h11.EndOfMessage())

    async def _write(self, event: Any) -> None:
        self._writer.write(self._http.send(event) or b"")
        await self._writer.drain()

    def _scope(self, request: h11.Request) -> dict[str, Any]:
        raw_path, _, query = request.target.partition(b"?")
        return {
            "type": "http",
            "http_version": request.http_version.decode(),
            "method": request.method.decode(),
            "scheme": "http",
            "path": unquote(raw_path.decode("latin-1")),
            "raw_path": raw_path,
            "query_string": query,
            "headers": list(request.headers),
            "client": self._writer.get_extra_info("peername"),
            "server": self._writer.get_extra_info("sockname"),
        }
