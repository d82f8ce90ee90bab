"""Pages of this contract: `limit`, and a cursor to continue from in either direction."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.models.keyset import Page
from customers.rest.fields import Body, WholeNumberField
from customers.rest.pagination import QueryPagination
from customers.rest.reading import Found


def encode_cursor(id: UUID) -> str:
    """The cursor at a row: opaque to callers, 22 characters that need no escaping in a URL."""
    return urlsafe_b64encode(id.bytes).decode().rstrip("=")


def decode_cursor(text: str) -> UUID:
    """The id of the row that a cursor is at. Raises ValueError for text that is not a cursor."""
    id = UUID(bytes=urlsafe_b64decode(f"{text}=="))
    if encode_cursor(id) != text:
        raise ValueError("not a cursor")
    return id


@extend_schema_field({"type": "string", "maxLength": 22})
class CursorField(serializers.CharField):
    """A cursor; an empty one asks for the first page, as in the reference."""

    default_error_messages = {"invalid": "This is not a cursor of this list."}

    def __init__(self, **options: Any) -> None:
        super().__init__(default=None, allow_blank=True, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return decode_cursor(text)
        except ValueError:
            self.fail("invalid")


class PageQuery(Body):
    """The query parameters of a page."""

    limit = WholeNumberField(
        min_value=1, max_value=100, default=100, help_text="Number of items to return"
    )
    after = CursorField(
        help_text="The page after this cursor: the previous page's `end_cursor`. Empty for the "
        "first page.",
    )
    before = CursorField(
        help_text="The page before this cursor: the last page's `start_cursor`. Not together with "
        "`after`.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("after", "before"):
            attrs[name] = attrs[name] or None  # DRF does not convert a blank value
        if attrs["after"] and attrs["before"]:
            raise serializers.ValidationError({"before": "Give `after` or `before`, not both."})
        return attrs


class CursorPagination(QueryPagination):
    """The envelope `{data, start_cursor, end_cursor, has_next_page, has_previous_page}`."""

    query = PageQuery

    def envelope(self, page: Page[Found]) -> dict[str, Any]:
        rows = page.rows
        return {
            "data": [row.members for row in rows],
            "start_cursor": encode_cursor(rows[0].id) if rows else None,
            "end_cursor": encode_cursor(rows[-1].id) if rows else None,
            "has_next_page": page.has_next,
            "has_previous_page": page.has_previous,
        }

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        cursor = {"type": ["string", "null"]}
        properties = {
            "data": {**schema, "description": "The rows of this page."},
            "start_cursor": {**cursor, "description": "Of the first row; null on an empty page."},
            "end_cursor": {**cursor, "description": "Of the last row; null on an empty page."},
            "has_next_page": {"type": "boolean", "description": "Whether rows follow."},
            "has_previous_page": {"type": "boolean", "description": "Whether rows precede."},
        }
        return {"type": "object", "required": list(properties), "properties": properties}
