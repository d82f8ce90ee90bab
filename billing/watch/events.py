"""Events inside the server. Without a listener they cost nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

CONNECTED = "a connection to the database was opened"
DISCONNECTED = "a connection to the database was closed"
WAITED = "a request waited for a thread"
REFUSED = "a request was refused because all threads were at work"

_listeners: defaultdict[str, list[Callable[[], None]]] = defaultdict(list)


def listen(event: str, listener: Callable[[], None]) -> None:
    """Call `listener` whenever the event happens, in the thread in which it does."""
    _listeners[event].append(listener)


def happened(event: str) -> None:
    """Call the listeners of the event."""
    for listener in _listeners.get(event, ()):
        listener()
