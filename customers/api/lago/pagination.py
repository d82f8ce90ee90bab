"""Pages of this contract: numbered, with totals."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.rest.fields import WholeNumberField
from customers.rest.pagination import QueryPagination

LAST_PAGE = 1_000_000  # further than anyone pages, and within what OFFSET can count


class PageQuery(serializers.Serializer[Any]):
    """The query parameters of a page."""

    page = WholeNumberField(
        min_value=1, max_value=LAST_PAGE, default=1, help_text="The number of the page, from 1"
    )
    per_page = WholeNumberField(
        min_value=1, max_value=100, default=20, help_text="How many customers a page has"
    )


class NumberedPagination(QueryPagination):
    """The envelope `{customers, meta}`."""

    query = PageQuery

    def paginate_queryset(self, queryset: Any, request: Request, view: Any = None) -> list[Any]:
        asked = self.read_query(request)
        self.number: int = asked["page"]
        self.size: int = asked["per_page"]
        start = (self.number - 1) * self.size
        rows = list(queryset.order_by("-pk")[start : start + self.size + 1])
        self.has_more = len(rows) > self.size
        del rows[self.size :]
        # At the end of the list its length is known; elsewhere it must be counted.
        ends_here = not self.has_more and (rows or self.number == 1)
        seen = start + len(rows)
        if ends_here:
            self.total = seen
        else:  # an estimate may be less than what is seen already
            self.total = max(queryset.count_or_estimate(), seen + 1 if self.has_more else 0)
        return rows

    def get_paginated_response(self, data: Any) -> Response:
        meta = {
            "current_page": self.number,
            "next_page": self.number + 1 if self.has_more else None,
            "prev_page": self.number - 1 if self.number > 1 else None,
            "total_pages": -(-self.total // self.size),
            "total_count": self.total,
        }
        return Response({"customers": data, "meta": meta})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number, maybe = {"type": "integer"}, {"type": ["integer", "null"]}
        meta = {
            "current_page": number,
            "next_page": maybe,
            "prev_page": maybe,
            "total_pages": number,
            "total_count": {**number, "description": "Exact up to 10,000, then an estimate."},
        }
        return {
            "type": "object",
            "required": ["customers", "meta"],
            "properties": {
                "customers": schema,
                "meta": {"type": "object", "required": list(meta), "properties": meta},
            },
        }
