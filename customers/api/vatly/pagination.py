"""Pages of this contract: `limit`, and the customer that a page is next to."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from customers.api.vatly.serializers import CUSTOMER_ID, link
from customers.models.keyset import Page, Place
from customers.rest.fields import Body, WholeNumberField
from customers.rest.pagination import QueryPagination
from customers.rest.reading import Found
from customers.values.cus_ids import decode, encode


@extend_schema_field({"type": "string", "anyOf": [CUSTOMER_ID, {"maxLength": 0}]})
class CustomerIdField(serializers.CharField):
    """A `cus_` id; an empty one asks for the first page."""

    default_error_messages = {"invalid": "This is not a customer id."}

    def __init__(self, **options: Any) -> None:
        super().__init__(default=None, allow_blank=True, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> Any:
        try:
            return decode(super().to_internal_value(data))
        except ValueError:
            self.fail("invalid")


class PageQuery(Body):
    """The query parameters of a page."""

    limit = WholeNumberField(
        min_value=1, max_value=100, default=10, help_text="The number of customers to return"
    )
    startingAfter = CustomerIdField(  # noqa: N815 (the wire's names)
        help_text="Returns results after this customer ID"
    )
    endingBefore = CustomerIdField(  # noqa: N815
        help_text="Returns results before this customer ID. Not with startingAfter.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        for name in ("startingAfter", "endingBefore"):
            attrs[name] = attrs[name] or None  # DRF does not convert a blank value
        if attrs["startingAfter"] and attrs["endingBefore"]:
            message = "Give startingAfter or endingBefore, not both."
            raise serializers.ValidationError({"endingBefore": message})
        return attrs


class LinkPagination(QueryPagination):
    """The envelope `{data, links: {self, next, prev}, count}`."""

    query = PageQuery

    def read_place(self, request: Request) -> Place:
        asked = self.read_query(request)
        given = ((name, str(text)) for name, text in request.query_params.items())
        self.given = {name: text for name, text in given if name != "limit"}
        self.limit: int = asked["limit"]
        self.address = request.build_absolute_uri(request.path)
        # A page without rows, because they were archived, still has pages before and after it.
        around = (asked["startingAfter"] or asked["endingBefore"] or UUID(int=0)).int
        self.around = UUID(int=max(around - 1, 0)), UUID(int=min(around + 1, 2**128 - 1))
        return Place(self.limit, asked["startingAfter"], asked["endingBefore"])

    def envelope(self, page: Page[Found]) -> dict[str, Any]:
        rows = page.rows
        first, last = (rows[0].id, rows[-1].id) if rows else self.around
        onwards = {"startingAfter": encode(last)} if page.has_next else None
        back = {"endingBefore": encode(first)} if page.has_previous else None
        links = {"self": self.link(self.given), "next": self.link(onwards), "prev": self.link(back)}
        return {"data": [row.members for row in rows], "links": links, "count": len(rows)}

    def link(self, place: dict[str, str] | None) -> dict[str, str] | None:
        """The link to the page at `place`, with this page's limit."""
        if place is None:
            return None
        return link(f"{self.address}?{urlencode({**place, 'limit': self.limit})}")
