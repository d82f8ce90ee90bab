"""What a request for events asks for: a cursor, or where to begin, and which events."""

from __future__ import annotations

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import Any, NamedTuple

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.insights.events import TYPES, Position
from customers.models.querysets import read_id
from customers.rest.fields import Body, OneOf, WholeNumberField
from customers.rest.pagination import QueryPagination
from customers.rest.waiting import MOST_SECONDS

_FORM = struct.Struct(">BQBQQQ")
_VERSION = 1


class EventCursor(NamedTuple):
    """A position in the order of events, and when it was the reader's."""

    position: Position
    at: datetime
    epoch: int
    """That of the database then: another one after it was restored to an earlier state."""

    def encode(self) -> str:
        """The cursor as readers get it."""
        raw = _FORM.pack(_VERSION, *self.position, int(self.at.timestamp()), self.epoch)
        return urlsafe_b64encode(raw).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> EventCursor:
        """The cursor of a text. Raises ValueError or OverflowError if it is none."""
        try:
            version, *place, at, epoch = _FORM.unpack(
                urlsafe_b64decode(text + "=" * (-len(text) % 4))
            )
        except struct.error as error:
            raise ValueError from error
        cursor = cls(Position(*place), datetime.fromtimestamp(at, UTC), epoch)
        if version != _VERSION or max(place) >= 2**63 or cursor.encode() != text:
            raise ValueError("not a cursor")
        return cursor


@extend_schema_field({"type": "string", "maxLength": 46})
class EventCursorField(serializers.CharField):
    """A cursor of events; an empty one is none."""

    default_error_messages = {"invalid": "This is not a cursor of events."}

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return EventCursor.decode(text)
        except (ValueError, OverflowError, OSError):
            self.fail("invalid")


@extend_schema_field({"type": "string", "examples": ["customer.created,customer.updated"]})
class TypesField(serializers.CharField):
    """Types of events, with commas between them."""

    default_error_messages = {"invalid": f"Give types with commas between: {', '.join(TYPES)}."}

    def to_internal_value(self, data: Any) -> Any:
        types = frozenset(super().to_internal_value(data).split(","))
        if not types <= frozenset(TYPES):
            self.fail("invalid")
        return types


@extend_schema_field({"type": "string"})
class CustomerIdField(serializers.CharField):
    """The id of a customer, as a UUID or as `cus_…`."""

    default_error_messages = {"invalid": "Give the customer's UUID, or the same as cus_…."}

    def to_internal_value(self, data: Any) -> Any:
        return read_id(super().to_internal_value(data)) or self.fail("invalid")


class EventQuery(Body):
    """The query parameters of a page of events."""

    cursor = EventCursorField(
        default=None,
        allow_blank=True,
        help_text="The cursor of the page before. Without one, `start` says where to begin.",
    )
    start = OneOf(
        ["oldest", "now"],
        default="oldest",
        help_text="Without a cursor: with the oldest event that is served, or with what comes next",
    )
    limit = WholeNumberField(
        min_value=1, max_value=1000, default=100, help_text="How many events a page has at most"
    )
    types = TypesField(
        default=None,
        allow_blank=True,
        help_text="Only events of these types. A page may then have none, and there be more.",
    )
    customer_id = CustomerIdField(
        default=None,
        allow_blank=True,
        help_text="Only events of this customer, its users and its payment methods",
    )
    wait = WholeNumberField(
        min_value=0,
        max_value=MOST_SECONDS,
        default=0,
        help_text="How many seconds to await an event if there is none. The response may come "
        "earlier, without one.",
    )


class EventPagination(QueryPagination):
    """Pages of events. Their view reads them."""

    query = EventQuery
