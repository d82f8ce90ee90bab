"""The ASGI application of the server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from typing import Any

from django.conf import settings

from billing.front.answers import Answer, Headers, Send, refusal
from billing.front.bodies import (
    Bodies,
    Body,
    BodyTooLarge,
    BodyTooSlow,
    ClientGone,
    Receive,
)
from billing.front.lanes import Busy, Lane
from billing.front.requests import Scope, environ_of
from billing.front.streams import stream
from billing.front.waiting import WaitingRoom
from billing.postgres.connection import forget_ended, was_ended
from billing.watch.events import REFUSED, happened
from customers.imports.upload_handler import MAX_REQUEST
from customers.rest.contract import contract_at
from customers.rest.waiting import WAITED, awaited_by
from customers.values.limits import Limits

logger = logging.getLogger(__name__)

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: What a load balancer asks must be answered while all else waits.
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
#: The limits of the first try of an API's request. One that exceeds them is tried again in a lane
#: of its own, with the limits of the settings, so that it holds up no others.
QUICK = Limits(statement=1, lock=0.02)
#: How long a request waits to be tried again.
AGAIN_SECONDS = 1


class Front:
    """Awaits the bodies of requests and has the threads of a few lanes work on them.

    - `api`: the requests of APIs.
    - `again`: those that have found a row locked, or a statement of which took long.
    - `pages`: everything else.
    - `probes`: what a load balancer asks.
    """

    def __init__(self, application: Application, *, threads: int, page_threads: int) -> None:
        self._application = application
        self._bodies = Bodies()
        self._waiting = WaitingRoom()
        api, pages = settings.DATABASE_LIMITS["api"], settings.DATABASE_LIMITS["page"]
        self._api = Lane("api", threads, quick(api))
        self._again = Lane("again", 1, api, wait=AGAIN_SECONDS)
        self._pages = Lane("pages", page_threads, pages)
        self._probes = Lane("probes", 1, api)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            answer = await self._answer(scope, receive, send)
        except ClientGone:
            return
        except BodyTooSlow:
            answer = refusal(scope["path"], HTTPStatus.REQUEST_TIMEOUT)
        except BodyTooLarge:
            answer = refusal(scope["path"], HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except Busy:
            happened(REFUSED)
            logger.warning("refused: all threads have been at work for too long")
            answer = refusal(scope["path"], HTTPStatus.SERVICE_UNAVAILABLE)
        except Exception:
            logger.exception("unexpected error")
            answer = refusal(scope["path"], HTTPStatus.INTERNAL_SERVER_ERROR)
        if answer is not None:
            await answer.send(send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> Answer | None:
        """The answer, or None if it is sent."""
        path = scope["path"]
        if path == "/healthz":  # which asks whether this process is alive, and needs no thread
            return self._work(scope, None, _no_stream)
        contract = contract_at(path)
        is_api = contract is not None
        if not _has_body(scope):
            body = None
        else:
            keep = contract.largest_body + 1 if contract else MAX_REQUEST
            body = await self._bodies.read(receive, keep)
        lane = self._api if is_api else self._probes if path in PROBES else self._pages
        loop = asyncio.get_running_loop()
        work = partial(self._work, scope, body, partial(stream, loop, receive, send))
        try:
            answer: Answer | None = await lane.run(work)
            if is_api and answer is not None and answer.was_ended and answer.status in (409, 503):
                with suppress(Busy):  # then the first answer is as good
                    answer = await self._again.run(work)
            if answer is not None and answer.awaited is not None:
                await self._waiting.wait(answer.awaited, lane.run, receive)
                answer = await lane.run(partial(work, has_waited=True))
            return answer
        finally:
            if body is not None:
                self._bodies.close(body)

    def _work(
        self,
        scope: Scope,
        body: Body | None,
        stream: Callable[..., None],
        *,
        has_waited: bool = False,
    ) -> Answer | None:
        """Have Django respond. Returns None if it has streamed the response."""
        if body is not None:
            body.file.seek(0)
        headers: Headers = []

        def start_response(_status: str, given: list[tuple[str, str]], _info: Any = None) -> None:
            headers[:] = [(name.encode("latin-1"), text.encode("latin-1")) for name, text in given]

        forget_ended()
        environ = environ_of(scope, body)
        if has_waited:
            environ[WAITED] = True
        # Django returns its own response, which is what PEP 3333 wants too.
        response: Any = self._application(environ, start_response)
        try:
            if response.streaming:
                stream(response.status_code, headers, response)
                return None
            return Answer(
                response.status_code, headers, response.content, was_ended(), awaited_by(response)
            )
        finally:
            response.close()


def _no_stream(*_: Any) -> None:
    raise AssertionError("It is one piece.")


def quick(limits: Limits) -> Limits:
    """The limits of a first try."""
    return Limits(
        statement=min(filter(None, (QUICK.statement, limits.statement))),
        lock=min(filter(None, (QUICK.lock, limits.lock))),
        idle=limits.idle,
    )


def _has_body(scope: Scope) -> bool:
    return any(
        name == b"transfer-encoding" or (name == b"content-length" and value != b"0")
        for name, value in scope["headers"]
    )
