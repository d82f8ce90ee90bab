"""Responses that may await something: long polling.

A response to `answer_when` says what it awaits. The server holds it back without a thread, and has
the request handled again when that has come or the time is over; then `has_waited` is true. A
server that cannot do that sends the response at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

#: The longest that a response waits.
MOST_SECONDS = 20

#: Says in the WSGI environment that the request is handled for the second time.
WAITED = "customers.waited"


@dataclass(frozen=True, slots=True)
class Awaited:
    """What a response awaits."""

    seconds: float
    has_come: Callable[[], bool]
    """Asks the database, in a thread of the server's."""


def answer_when(response: Any, seconds: float, has_come: Callable[[], bool]) -> None:
    """Hold the response back until `has_come` returns true, but for so many seconds at most."""
    response.awaited = Awaited(seconds, has_come)


def awaited_by(response: Any) -> Awaited | None:
    """What the response awaits, if anything."""
    awaited: Awaited | None = getattr(response, "awaited", None)
    return awaited


def has_waited(request: HttpRequest) -> bool:
    """Whether the response to this request has been held back already."""
    return WAITED in request.META
