"""Answers: what Django made of a request, and what the front refuses itself."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from customers.rest.contract import contract_at
from customers.rest.problems import RETRY_AFTER_SECONDS, Problem, of_status
from customers.rest.renderers import dump_json
from customers.rest.request_id import answering
from customers.rest.waiting import Awaited
from customers.values.uuid7 import uuid7

Send = Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class Answer:
    """A response."""

    status: int
    headers: Headers
    content: bytes
    was_ended: bool = False
    """Whether a limit of the database has ended the work, and nothing of it is stored."""
    awaited: Awaited | None = None
    """What must come before the request is worth handling again."""

    async def send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.content})


def refusal(path: str, status: HTTPStatus) -> Answer:
    """The answer to a request that does not reach Django: in the contract's shape, or a page."""
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status >= 500 else {}
    return problem_answer(path, of_status(status, headers=headers))


def problem_answer(path: str, problem: Problem) -> Answer:
    """The answer that says what is wrong: in the contract's shape, or a page."""
    id = str(uuid7(timezone.now()))
    headers = {"Cache-Control": "no-store", "X-Request-Id": id, **problem.headers}
    contract = contract_at(path)
    headers["Vary"] = contract.credential_header if contract else "Cookie"
    if contract is None:
        headers["Content-Type"] = "text/html; charset=utf-8"
        content = render_to_string(f"{problem.status}.html").encode()
        code = problem.status
    else:
        headers["Content-Type"] = contract.error_type
        with answering(id):
            code, body = contract.render_error(problem)
        content = dump_json(body)
    headers["Content-Length"] = str(len(content))
    encoded = [(name.lower().encode(), text.encode()) for name, text in headers.items()]
    return Answer(code, encoded, content)
