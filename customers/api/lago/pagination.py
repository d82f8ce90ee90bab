"""Pages of this contract: numbered, with totals."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from rest_framework.request import Request

from customers.api.lago.filters import CustomerFilter
from customers.models.credential import Credential
from customers.models.keyset import Page, Place
from customers.rest.fields import Body, WholeNumberField
from customers.rest.numbered import count_live, list_of
from customers.rest.pagination import QueryPagination
from customers.rest.reading import Found
from customers.rest.sources import live_customers

LAST_PAGE = 1_000_000  # further than anyone pages, and within what OFFSET can count


class PageNumberField(WholeNumberField):
    """The number of a page; an empty one asks for the first."""

    def to_internal_value(self, data: Any) -> int:
        return super().to_internal_value(data or 1)


class PageQuery(Body):
    """The query parameters of a page."""

    page = PageNumberField(
        min_value=1, max_value=LAST_PAGE, default=1, help_text="The number of the page, from 1"
    )
    per_page = WholeNumberField(
        min_value=1, max_value=100, default=20, help_text="How many customers a page has"
    )


class NumberedPagination(QueryPagination):
    """The envelope `{customers, meta}`."""

    query = PageQuery

    def read_place(self, request: Request) -> Place:
        asked = self.read_query(request)
        assert isinstance(request.auth, Credential)
        self.tenant = request.auth.tenant
        self.number, self.size = asked["page"], asked["per_page"]
        self.start = (self.number - 1) * self.size
        self.filters = CustomerFilter.read(request.query_params)
        if self.filters:
            return Place(self.size, skip=self.start)
        position, id = list_of(self.tenant).nearest(self.start)
        return Place(self.size, after=id, skip=self.start - position)

    def envelope(self, page: Page[Found]) -> dict[str, Any]:
        end = self.start + len(page.rows)
        if page.rows and not self.filters:
            remembered = list_of(self.tenant)
            remembered.remember(self.start, UUID(int=page.rows[0].id.int + 1))
            remembered.remember(end, page.rows[-1].id)
        # At the end of the list its length is known; elsewhere it must be counted.
        if not page.has_next and (page.rows or self.number == 1):
            total = end
        else:  # an estimate may be less than what is seen already
            total = max(self.count(), end + 1 if page.has_next else 0)
        meta = {
            "current_page": self.number,
            "next_page": self.number + 1 if page.has_next else None,
            "prev_page": self.number - 1 if self.number > 1 else None,
            "total_pages": -(-total // self.size),
            "total_count": total,
        }
        return {"customers": [row.members for row in page.rows], "meta": meta}

    def count(self) -> int:
        """How many customers the list has, exactly or as the planner estimates."""
        if not self.filters:
            return count_live(self.tenant)
        found: Any = live_customers(self.tenant)
        for name, value in self.filters.items():
            found = CustomerFilter.apply(found, name, value)
        return int(found.count_or_estimate())

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        number, maybe = {"type": "integer"}, {"type": ["integer", "null"]}
        meta = {
            "current_page": {**number, "description": "The number of this page, from 1."},
            "next_page": {**maybe, "description": "Null on the last page."},
            "prev_page": {**maybe, "description": "Null on the first page."},
            "total_pages": {**number, "description": "As exact as `total_count`."},
            "total_count": {
                **number,
                "description": "Exact up to 10,000, then an estimate that is at most a minute old.",
            },
        }
        return {
            "type": "object",
            "required": ["customers", "meta"],
            "properties": {
                "customers": {**schema, "description": "The customers of this page."},
                "meta": {
                    "type": "object",
                    "required": list(meta),
                    "properties": meta,
                    "description": "Where in the list this page is.",
                },
            },
        }
