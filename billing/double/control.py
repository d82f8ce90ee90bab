"""The control address: `/_double/`, in JSON, for tests in any language."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import asdict
from typing import Any

from billing.double.application import Double, Receive, Send, whole_body
from billing.double.faults import Fault, UnknownFault
from billing.double.server import Application
from customers.rest.renderers import dump_json

BASE = "/_double/"

Answer = tuple[int, Any]
Action = Callable[[bytes], Awaitable[Answer]]


class Control:
    """Answers at the control address, and hands everything else on to the double."""

    def __init__(
        self,
        double: Double,
        restore: Callable[[], None],
        contracts: Collection[str],
        about: Mapping[str, Any],
    ) -> None:
        self._double = double
        self._restore = restore
        self._contracts = contracts
        self._about = about
        self._actions: Mapping[tuple[str, str], Action] = {
            ("GET", ""): self._describe,
            ("GET", "health"): self._describe_health,
            ("POST", "reset"): self._reset,
            ("GET", "faults"): self._list_faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "requests"): self._list_requests,
        }

    def before(self, application: Application) -> Application:
        """The application with the control address."""

        async def with_control(scope: dict[str, Any], receive: Receive, send: Send) -> None:
            if f"{scope['path']}/".startswith(BASE):
                await self(scope, receive, send)
            else:
                await application(scope, receive, send)

        return with_control

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        body = await whole_body(receive)
        name = scope["path"].removeprefix(BASE.rstrip("/")).strip("/")
        action = self._actions.get((scope["method"], name)) or self._part(name, scope["method"])
        status, answer = (
            await action(body) if action else (404, {"error": "There is no such address here."})
        )
        await _send(send, status, answer)

    def _part(self, name: str, method: str) -> Action | None:
        """What shows one part of the description: `keys`, or `personas/is_archived`."""
        found: Any = self._about
        for step in name.split("/"):
            if method != "GET" or not isinstance(found, Mapping) or step not in found:
                return None
            found = found[step]

        async def show(_: bytes) -> Answer:
            return 200, found

        return show

    async def _describe(self, _: bytes) -> Answer:
        return 200, self._about

    async def _describe_health(self, _: bytes) -> Answer:
        return 200, {"status": "ok"}

    async def _reset(self, _: bytes) -> Answer:
        await self._double.reset(self._restore)
        return 204, None

    async def _list_faults(self, _: bytes) -> Answer:
        return 200, self._double.faults.described()

    async def _add_fault(self, body: bytes) -> Answer:
        try:
            given = json.loads(body)
            if not isinstance(given, dict):
                raise UnknownFault("A fault is an object with a kind.")
            fault = Fault.of(given, self._contracts)
        except json.JSONDecodeError:
            return 400, {"error": "A fault is an object with a kind, in JSON."}
        except UnknownFault as error:
            return 422, {"error": str(error)}
        self._double.faults.add(fault)
        return 201, asdict(fault)

    async def _clear_faults(self, _: bytes) -> Answer:
        self._double.faults.clear()
        return 204, None

    async def _list_requests(self, _: bytes) -> Answer:
        return 200, [asdict(seen) for seen in self._double.round.seen]


async def _send(send: Send, status: int, answer: Any) -> None:
    content = b"" if answer is None else dump_json(answer, indent=True) + b"\n"
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    if content:
        headers.append((b"content-length", str(len(content)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
