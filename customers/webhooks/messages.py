"""What is sent: the event as the feed shows it, with the members that Standard Webhooks names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson

from customers.webhooks.feed import Event

TEST_EVENT = "webhook.test"


def message(event: Event) -> str:
    """The body of a message about an event."""
    return _written({"type": event.type, "timestamp": event.time, **event.body})


def trial_message(id: str, at: datetime) -> str:
    """The body of a message that only says that messages arrive."""
    return _written({"type": TEST_EVENT, "timestamp": at, "id": id, "data": {}})


def _written(members: dict[str, Any]) -> str:
    return orjson.dumps(members, option=orjson.OPT_UTC_Z).decode()
