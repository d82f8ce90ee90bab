"""Pages of this contract: `per_page`, and the `last_key` of the page before."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models.keyset import Page, get_page
from customers.rest.fields import WholeNumberField
from customers.rest.pagination import QueryPagination


class PageSizeField(WholeNumberField):
    """How many results a page has; refused in the vendor's words, never clamped."""

    default_error_messages = {"invalid": "per_page is below 1"}

    def __init__(self, **options: Any) -> None:
        messages: Any = {"min_value": "per_page is below 1", "max_value": "per_page is above 100"}
        super().__init__(
            min_value=1, max_value=100, required=False, error_messages=messages, **options
        )


@extend_schema_field({"type": "string", "anyOf": [{"format": "uuid"}, {"maxLength": 0}]})
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


class PageQuery(serializers.Serializer[Any]):
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


class LastKeyPagination(QueryPagination):
    """The envelope `{data, has_more, last_key}`."""

    query = PageQuery
    page: Page[Any]

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        self.page = get_page(queryset, **self.read_query(request), newest_first=False)
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        rows = self.page.rows
        return Response(
            {
                "data": data,
                "has_more": self.page.has_next,
                "last_key": str(rows[-1].pk) if rows else None,
            }
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["data", "has_more", "last_key"],
            "properties": {
                "data": schema,
                "has_more": {"type": "boolean"},
                "last_key": {"type": ["string", "null"], "format": "uuid"},
            },
        }
