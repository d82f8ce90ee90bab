"""What is sent: the members that Standard Webhooks names, with the event as the feed shows it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from customers.insights.events import Event

TEST_EVENT = "webhook.test"


def message(event: Event) -> str:
    """The body of a message about an event."""
    return _written({"type": event.type, "timestamp": event.at, "data": event.members})


def trial_message(id: str, at: datetime) -> str:
    """The body of a message that only says that messages arrive."""
    return _written({"type": TEST_EVENT, "timestamp": at, "data": {"id": id}})


def _written(members: dict[str, Any]) -> str:
    return orjson.dumps(members, option=orjson.OPT_UTC_Z).decode()
