"""The ASGI application: the registry with faults before it, and the control address beside it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from billing.double.faults import Fault, Faults, Kind
from billing.double.server import Application, Dropped
from billing.front.answers import problem_answer
from customers.rest.contract import contract_at
from customers.rest.problems import Problem, of_exception, unavailable
from customers.rest.throttling import TooManyRequests, Window

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Coroutine[Any, Any, None]]

#: Into how many parts a slow body is cut.
PARTS = 20
#: How many requests a window allows, by the headers of a 429.
WINDOW_LIMIT = 120
#: How many requests are remembered.
REMEMBERED = 10_000
GONE: Message = {"type": "http.disconnect"}


@dataclass(slots=True)
class Seen:
    """A request that came, for a test to see what its client did."""

    method: str
    path: str
    query: str
    contract: str | None
    idempotency_key: str | None
    fault: str | None = None
    status: int | None = None
    """None while, and if, it is not answered."""


class Round:
    """The time between two resets, and what is going on in it."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self.running: set[asyncio.Task[Any]] = set()
        self._is_over = asyncio.Event()

    async def over(self) -> None:
        await self._is_over.wait()

    async def end(self) -> None:
        """Drop what waits, and return when everything else is finished."""
        self._is_over.set()
        if self.running:
            await asyncio.wait(self.running)

    async def unless_over(self, awaited: Awaitable[Message]) -> Message:
        """What is awaited, or that the client is gone if the round is over before."""
        message, over = asyncio.ensure_future(awaited), asyncio.ensure_future(self.over())
        try:
            await asyncio.wait([message, over], return_when=asyncio.FIRST_COMPLETED)
            return message.result() if message.done() else GONE
        finally:
            message.cancel()
            over.cancel()


class Double:
    """Hands requests on to the registry, unless a fault is to come first."""

    def __init__(self, registry: Application, faults: Faults) -> None:
        self._registry = registry
        self.faults = faults
        self.round = Round()
        self._is_resetting = asyncio.Lock()

    async def reset(self, restore: Callable[[], None]) -> None:
        """Have `restore` run while no request is at work, and forget all faults and requests."""
        async with self._is_resetting:
            await self.round.end()
            self.faults.clear()
            await asyncio.to_thread(restore)
            self.round = Round()

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        async with self._is_resetting:  # then it belongs to the next test
            current = self.round
        seen, fault = self._look_at(scope)
        if len(current.seen) < REMEMBERED:
            current.seen.append(seen)

        async def receive_in_round() -> Message:
            return await current.unless_over(receive())

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen.status = message["status"]
            await send(message)

        # A connection's task goes on to other requests: what runs is this one.
        work = asyncio.ensure_future(self._meet(fault, scope, receive_in_round, send_and_note))
        current.running.add(work)
        try:
            await work
        finally:
            current.running.discard(work)

    def _look_at(self, scope: dict[str, Any]) -> tuple[Seen, Fault | None]:
        method, path = scope["method"], scope["path"]
        contract = contract_at(path)
        slug = contract.slug if contract else None
        headers = dict(scope["headers"])
        key = headers.get(b"idempotency-key")
        query = scope["query_string"].decode("latin-1")
        seen = Seen(method, path, query, slug, key.decode("latin-1") if key else None)
        fault = self.faults.take(slug, method, path) if slug else None
        seen.fault = fault.kind if fault else None
        return seen, fault

    async def _meet(
        self, fault: Fault | None, scope: dict[str, Any], receive: Receive, send: Send
    ) -> None:
        if fault is None:
            await self._registry(scope, receive, send)
            return
        match fault.kind:
            case Kind.SLOW_BODY:
                await self._registry(scope, receive, self._slowly(send, fault.seconds))
            case Kind.LOST_ANSWER:
                await self._registry(scope, receive, _to_no_one)
                raise Dropped
            case Kind.CONNECTION_RESET:
                await whole_body(receive)
                raise Dropped(reset=True)
            case Kind.TIMEOUT:
                while (await receive()) != GONE:
                    pass
                raise Dropped
            case Kind.RATE_LIMITED | Kind.UNAVAILABLE:
                await whole_body(receive)
                answer = problem_answer(scope["path"], _problem(fault))
                await answer.send(send)

    def _slowly(self, send: Send, seconds: float) -> Send:
        current = self.round

        async def slowly(message: Message) -> None:
            body = message.get("body", b"")
            if not body:
                await send(message)
                return
            size = -(-len(body) // PARTS)
            parts = [body[start : start + size] for start in range(0, len(body), size)]
            for number, part in enumerate(parts, 1):
                with suppress(TimeoutError):
                    await asyncio.wait_for(current.over(), seconds / len(parts))
                    raise Dropped
                more = number < len(parts) or message.get("more_body", False)
                await send({"type": "http.response.body", "body": part, "more_body": more})

        return slowly


async def _to_no_one(message: Message) -> None:
    """Takes an answer that is to be lost."""


async def whole_body(receive: Receive) -> bytes:
    """All that the client sends. Whoever has sent it reads what comes then."""
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _problem(fault: Fault) -> Problem:
    if fault.kind is Kind.UNAVAILABLE:
        return unavailable(fault.seconds)
    return of_exception(TooManyRequests(Window.ending_in(fault.seconds, WINDOW_LIMIT)))
