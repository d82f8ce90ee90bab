"""One request to an endpoint, and what came of it.

Nothing of the response is trusted: it has five seconds in all, however slowly it drips, is read up
to 64 KiB, and leads nowhere else.
"""

from __future__ import annotations

import asyncio
import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import h11

from customers.values.masking import masked
from customers.webhooks.addresses import Place

DEADLINE = 5.0  # seconds, from the first attempt to connect until all is read
MOST_READ = 64 * 1024
KEPT = 1024  # bytes of the answer
_NO_SIGN = dict.fromkeys([*range(9), *range(11, 32), 127], "\N{REPLACEMENT CHARACTER}")


@dataclass(frozen=True, slots=True)
class Result:
    """What came of an attempt: a status and the beginning of the answer, or an error."""

    duration: float
    status: int | None = None
    answer: str = ""
    error: str = ""

    @property
    def is_success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """Whether the receiver wants no more of these (410)."""
        return self.status == 410


async def post(
    place: Place, headers: Mapping[str, str], body: bytes, deadline: float = DEADLINE
) -> Result:
    """Send a request to one of the addresses that were checked."""
    began = time.monotonic()
    status, answer, error = None, b"", ""
    try:
        async with asyncio.timeout(deadline):
            status, answer = await _exchange(place, headers, body)
    except TimeoutError:
        error = f"No complete answer within {deadline:g} seconds."
    except ssl.SSLError as problem:
        error = f"TLS: {getattr(problem, 'reason', None) or 'no connection'}."
    except OSError as problem:
        error = f"{os.strerror(problem.errno) if problem.errno else 'No connection'}."
    except EOFError:
        error = "The connection was closed."
    except h11.ProtocolError:
        error = "The answer is not HTTP."
    return Result(time.monotonic() - began, status, _shown(answer), error)


async def _exchange(place: Place, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
    reader, writer = await _connect(place)
    try:
        http = h11.Connection(h11.CLIENT)
        fields = {
            "host": place.authority,
            "content-type": "application/json",
            "content-length": str(len(body)),
            "user-agent": "customer-registry-webhooks",
            "connection": "close",
            **headers,
        }
        request = h11.Request(method="POST", target=place.path, headers=list(fields.items()))
        writer.write(
            (http.send(request) or b"")
            + (http.send(h11.Data(data=body)) or b"")
            + (http.send(h11.EndOfMessage()) or b"")
        )
        return await _read(http, reader)
    finally:
        writer.transport.abort()


async def _connect(place: Place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    tls = _tls() if place.is_encrypted else None
    refusal: OSError = OSError("There is no address.")
    for address in place.addresses:
        try:
            return await asyncio.open_connection(
                address, place.port, ssl=tls, server_hostname=place.host if tls else None
            )
        except ssl.SSLError:
            raise
        except OSError as error:
            refusal = error
    raise refusal


async def _read(http: h11.Connection, reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """The status and the beginning of the body, once all that is wanted has been read."""
    status, answer, total = 0, b"", 0
    while True:
        event = http.next_event()
        if event is h11.NEED_DATA:
            data = await reader.read(MOST_READ - total) if total < MOST_READ else b""
            if not data:
                break
            total += len(data)
            http.receive_data(data)
        elif isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            answer = (answer + event.data)[:KEPT]
        elif isinstance(event, h11.EndOfMessage):
            break
    if not status:
        raise EOFError
    return status, answer


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _shown(answer: bytes) -> str:
    """The beginning of an answer as it is kept: as text, without card numbers and secrets."""
    return masked(answer.decode("utf-8", "replace").translate(_NO_SIGN))
