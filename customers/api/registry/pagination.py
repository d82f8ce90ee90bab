"""Pages of this contract: `limit`, and an opaque cursor with links to the pages around."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from customers.api.registry.as_of import AsOfField
from customers.api.registry.expansion import ExpandField
from customers.models.keyset import Page, Place
from customers.rest.fields import Body, OneOf, WholeNumberField
from customers.rest.pagination import QueryPagination
from customers.rest.problems import InvalidQuery
from customers.rest.reading import Found

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
# The first byte says what follows. No UUID of our time begins with it.
_KIND, _BACKWARDS, _TIMED = 0xE0, 1, 2
_UPDATED = F("updated_at")


class Cursor(NamedTuple):
    """A place in a list, and the direction in which the page lies."""

    id: UUID
    at: datetime | None = None
    """When the row was changed, in a list that is sorted by that."""
    backwards: bool = False

    def encode(self) -> str:
        """The cursor as callers get it."""
        kind = _KIND | (_BACKWARDS if self.backwards else 0) | (_TIMED if self.at else 0)
        at = ((self.at - _EPOCH) // _MICROSECOND).to_bytes(8) if self.at else b""
        return urlsafe_b64encode(bytes([kind]) + self.id.bytes + at).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """The cursor of a text. Raises ValueError if it is none."""
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        at = _EPOCH + int.from_bytes(raw[17:]) * _MICROSECOND if len(raw) == 25 else None
        cursor = cls(UUID(bytes=raw[1:17]), at, bool(raw[0] & _BACKWARDS))
        if cursor.encode() != text:
            raise ValueError("not a cursor")
        return cursor

    def turned(self, *, descending: bool) -> Cursor:
        """The cursor of the page on the other side, which begins with the row at this place."""
        step = 1 if descending is self.backwards else -1
        id = UUID(int=min(max(self.id.int + step, 0), 2**128 - 1))
        return Cursor(id, self.at, not self.backwards)


@extend_schema_field({"type": "string", "maxLength": 34})
class CursorField(serializers.CharField):
    """A cursor; an empty one asks for the first page."""

    default_error_messages = {"invalid": "This is not a cursor of this list."}

    def __init__(self, **options: Any) -> None:
        super().__init__(default=None, allow_blank=True, trim_whitespace=False, **options)

    def to_internal_value(self, data: Any) -> Any:
        text = super().to_internal_value(data)
        try:
            return Cursor.decode(text)
        except (OverflowError, ValueError, IndexError):
            self.fail("invalid")


class PageQuery(Body):
    """The query parameters of a page."""

    limit = WholeNumberField(
        min_value=1, max_value=100, default=20, help_text="How many objects a page has"
    )
    cursor = CursorField(
        help_text="Where the page begins: a cursor of another page. Empty for the first page."
    )


class PastPageQuery(PageQuery):
    """The query parameters of a page that can be asked for as it stood."""

    as_of = AsOfField()


class CustomerPageQuery(PastPageQuery):
    """The query parameters of a page of customers that are no filters."""

    archived = OneOf(
        ["false", "true", "any"],
        default="false",
        help_text="Whether archived customers are listed: `true` for these alone",
    )
    sort = OneOf(
        ["created", "-created", "updated", "-updated"],
        default="-created",
        help_text="The order: by creation or by the last change, the latest first with a `-`",
    )
    expand = ExpandField()


class CursorPagination(QueryPagination):
    """The envelope `{data, next_cursor, previous_cursor, links}`, newest first."""

    query = PageQuery

    def read_place(self, request: Request) -> Place:
        asked = self.read_query(request)
        self.sort: str = asked.get("sort", "-created")
        self.expand: tuple[str, ...] = asked.get("expand", ())
        self.cursor: Cursor | None = asked["cursor"] or None
        if self.cursor and (self.cursor.at is not None) is not self.is_by_update:
            raise InvalidQuery({"cursor": [CursorField.default_error_messages["invalid"]]})
        self.given = {name: str(text) for name, text in request.query_params.items()}
        self.address = request.build_absolute_uri(request.path)
        side = "before" if self.cursor and self.cursor.backwards else "after"
        return Place(
            asked["limit"],
            newest_first=self.is_descending,
            by=_UPDATED if self.is_by_update else None,
            at=self.cursor.at if self.cursor else None,
            **({side: self.cursor.id} if self.cursor else {}),
        )

    @property
    def is_by_update(self) -> bool:
        return self.sort.endswith("updated")

    @property
    def is_descending(self) -> bool:
        return self.sort.startswith("-")

    def envelope(self, page: Page[Found]) -> dict[str, Any]:
        onwards, back = self._ends(page.rows)
        following = onwards.encode() if page.has_next and onwards else None
        previous = back.encode() if page.has_previous and back else None
        return {
            "data": [row.members for row in page.rows],
            "next_cursor": following,
            "previous_cursor": previous,
            "links": {"next": self._link(following), "previous": self._link(previous)},
        }

    def _ends(self, rows: list[Found]) -> tuple[Cursor | None, Cursor | None]:
        """The cursors onwards and back. Those of a page without rows are at its own."""
        if rows:
            return self._at(rows[-1]), self._at(rows[0])._replace(backwards=True)
        if self.cursor is None:
            return None, None
        turned = self.cursor.turned(descending=self.is_descending)
        return (turned, None) if self.cursor.backwards else (None, turned)

    def _at(self, row: Found) -> Cursor:
        return Cursor(row.id, row.members["updated_at"] if self.is_by_update else None)

    def _link(self, cursor: str | None) -> str | None:
        """The link to the page at a cursor, with this page's other parameters."""
        if cursor is None:
            return None
        return f"{self.address}?{urlencode({**self.given, 'cursor': cursor})}"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        cursor = {"type": ["string", "null"]}
        link = {"type": ["string", "null"], "format": "uri"}
        links = {
            "next": {**link, "description": "The next page; null on the last one."},
            "previous": {**link, "description": "The previous page; null on the first one."},
        }
        properties = {
            "data": {**schema, "description": "The rows of this page."},
            "next_cursor": {**cursor, "description": "Null on the last page."},
            "previous_cursor": {**cursor, "description": "Null on the first page."},
            "links": {
                "type": "object",
                "required": list(links),
                "properties": links,
                "description": "The pages around, with this page's other parameters.",
            },
        }
        return {"type": "object", "required": list(properties), "properties": properties}


class PastPagination(CursorPagination):
    """Pages of what belongs to a customer, also as it stood."""

    query = PastPageQuery


class CustomerPagination(CursorPagination):
    """Pages of customers."""

    query = CustomerPageQuery
