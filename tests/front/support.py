"""ASGI by hand: a client that sends its body in parts, at its own pace, and keeps what it gets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from billing.front.requests import Scope

GONE = {"type": "http.disconnect"}


def scope(
    path: str = "/customers",
    method: str = "GET",
    headers: Sequence[tuple[bytes, bytes]] = (),
    **more: Any,
) -> Scope:
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost"), *headers],
        "client": ("192.0.2.1", 50000),
        "server": ("127.0.0.1", 8000),
        **more,
    }


def part(content: bytes, *, more: bool = True) -> dict[str, Any]:
    return {"type": "http.request", "body": content, "more_body": more}


class Client:
    """Sends these messages; after the last one it says nothing, or that it is gone."""

    def __init__(self, *messages: dict[str, Any], pause: float = 0, stays: bool = True) -> None:
        self.messages = list(messages)
        self.pause = pause
        self.stays = stays
        self.got: list[dict[str, Any]] = []

    async def receive(self) -> dict[str, Any]:
        await asyncio.sleep(self.pause)
        if self.messages:
            return self.messages.pop(0)
        if self.stays:
            await asyncio.Event().wait()
        return GONE

    async def send(self, message: dict[str, Any]) -> None:
        self.got.append(message)

    def ask(self, application: Callable[..., Any], scope: Scope) -> Client:
        asyncio.run(application(scope, self.receive, self.send))
        return self

    @property
    def status(self) -> int:
        return int(self.got[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.got[0]["headers"]}

    @property
    def content(self) -> bytes:
        return b"".join(message["body"] for message in self.got[1:])
