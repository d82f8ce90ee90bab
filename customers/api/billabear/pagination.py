"""Pages of this contract: `per_page`, and the `last_key` of the page before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.models.keyset import Page
from customers.rest.fields import Body, WholeNumberField
from customers.rest.pagination import QueryPagination
from customers.rest.reading import Found


class PageSizeField(WholeNumberField):
    """How many results a page has; refused in the vendor's words, never clamped."""

    default_error_messages = {"invalid": "per_page is below 1"}

    def __init__(self, **options: Any) -> None:
        messages: Any = {"min_value": "per_page is below 1", "max_value": "per_page is above 100"}
        super().__init__(
            min_value=1, max_value=100, required=False, error_messages=messages, **options
        )


@extend_schema_field(
    {"anyOf": [{"type": "string", "format": "uuid"}, {"type": "string", "maxLength": 0}]}
)
class LastKeyField(serializers.UUIDField):
    """The `last_key` of a page; empty for the first one, as clients send it."""

    default_error_messages = {"invalid": "last_key is not a key of this list"}

    def to_internal_value(self, data: Any) -> UUID | None:  # type: ignore[override]
        if not data:
            return None
        key = super().to_internal_value(data)
        if str(key) != data.lower():  # Python reads a UUID in many other spellings
            self.fail("invalid")
        return key


class PageQuery(Body):
    """The query parameters of a page."""

    per_page = PageSizeField(initial=10, help_text="How many results you want back per page")
    limit = PageSizeField(help_text="Another name for `per_page`")
    last_key = LastKeyField(
        required=False,
        help_text="The `last_key` of the previous response, for the next page",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len({"per_page", "limit"} & attrs.keys()) == 2:
            raise serializers.ValidationError({"limit": "limit is another name for per_page"})
        size = attrs.get("per_page") or attrs.get("limit") or self.fields["per_page"].initial
        return {"limit": size, "after": attrs.get("last_key")}


class AllPageQuery(PageQuery):
    """The query parameters of a page of what the vendor returns all at once."""

    per_page = PageSizeField(initial=100, help_text="How many results you want back per page")


class LastKeyPagination(QueryPagination):
    """The envelope `{data, has_more, last_key}`."""

    query = PageQuery
    newest_first = False

    def envelope(self, page: Page[Found]) -> dict[str, Any]:
        return {
            "data": [row.members for row in page.rows],
            "has_more": page.has_next,
            "last_key": page.rows[-1].id if page.rows else None,
        }

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["data", "has_more", "last_key"],
            "properties": {
                "data": {**schema, "description": "The rows of this page."},
                "has_more": {"type": "boolean", "description": "Whether rows follow."},
                "last_key": {
                    "type": ["string", "null"],
                    "format": "uuid",
                    "description": "To send for the next page; null on an empty page.",
                },
            },
        }


class AllPagination(LastKeyPagination):
    """Pages as large as may be, for clients that ask for one only."""

    query = AllPageQuery
