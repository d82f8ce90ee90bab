"""What this contract's endpoints share: ids, dry runs, and how what is written is answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404
from django.http.response import HttpResponseBase
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.registry.contract import CONTRACT
from customers.api.registry.errors import CustomerNotFound, RowNotFound
from customers.api.registry.pagination import CursorPagination
from customers.models import Customer
from customers.models.querysets import read_id
from customers.rest import sources
from customers.rest.authentication import BearerAccessToken, BearerApiKey
from customers.rest.conditional import etag
from customers.rest.dry_run import PARAMETER, is_dry_run, rehearse
from customers.rest.idempotency import Handler
from customers.rest.parsers import MergePatchParser, StrictJSONParser
from customers.rest.problems import InvalidQuery
from customers.rest.reading import Source, wire_of
from customers.rest.views import CustomerView, uuid_or_404

#: What follows from a change, or cannot change.
_NO_CHANGES = frozenset({"id", "customer_id", "mode", "version", "created_at", "updated_at"})


class Endpoint(CustomerView):
    """Base of this contract's endpoints."""

    contract = CONTRACT
    authentication_classes = [BearerApiKey, BearerAccessToken]
    pagination_class = CursorPagination
    filter_backends = []

    #: The record before the write, for a dry run; None for a new one.
    before: dict[str, Any] | None = None

    def get_parsers(self) -> list[Any]:
        is_patch = getattr(self.request, "method", "") == "PATCH"  # the document has no request
        return [StrictJSONParser(), *([MergePatchParser()] if is_patch else [])]

    def has_parameter(self, name: str) -> bool:
        if self.request.method not in SAFE_METHODS:
            return name == PARAMETER
        return super().has_parameter(name)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.query_params.get(PARAMETER, "false") not in ("true", "false"):
            raise InvalidQuery({PARAMETER: ["Must be true or false."]})

    # --- What is there ---------------------------------------------------------------------------

    def known_id(self, text: str) -> UUID:
        """The id in a path: a UUID, or the same as `cus_…`. Raises CustomerNotFound."""
        id = read_id(text) if text.startswith("cus_") else _uuid(text)
        if id is None:
            raise CustomerNotFound
        return id

    def get_customer(self, id: str) -> Customer:
        """The customer of this id, archived or not. Raises CustomerNotFound."""
        rows = Customer.objects.visible_to(self.tenant)
        customer = rows.filter(pk=self.known_id(id)).first()
        if customer is None:
            raise CustomerNotFound
        return customer

    def customer_id(self, id: str, source: Source = sources.customer) -> UUID:
        try:
            return super().customer_id(str(self.known_id(id)), source)
        except Http404:
            raise CustomerNotFound from None

    # --- Writing ---------------------------------------------------------------------------------

    @property
    def is_dry_run(self) -> bool:
        return is_dry_run(self.request)

    def will_change(self, row: Any) -> None:
        """Keep how a row is shown before it is written, for a dry run."""
        if self.is_dry_run:
            self.before = self.members_of(row)

    def members_of(self, row: Any) -> dict[str, Any]:
        """A row on the wire."""
        return wire_of(self.shown_by).members_of(row, self.origin)

    def write(self, handler: Handler, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if self.is_dry_run:
                return rehearse(handler, self.request, *args, **kwargs)
            return super().write(handler, *args, **kwargs)
        except ObjectDoesNotExist:  # someone has removed it meanwhile
            raise RowNotFound from None

    def written(self, row: Any, path: str = "") -> Response:
        """A response with a row that was written; one at `path` was created."""
        members = self.members_of(row)
        if self.is_dry_run:
            return Response(self.rehearsed(members))
        headers = {"ETag": etag(row), **({"Location": path} if path else {})}
        return Response(members, status=201 if path else 200, headers=headers)

    def removed(self, members: dict[str, Any]) -> Response:
        """A response with a row that is no longer there."""
        if self.is_dry_run:
            return Response({"dry_run": True, "outcome": "removed", "record": None, "changes": {}})
        return Response(members)

    def rehearsed(self, after: dict[str, Any]) -> dict[str, Any]:
        """The body of a dry run that would leave a row so."""
        changes = changed_members(self.before, after)
        outcome = "created" if self.before is None else "updated" if changes else "unchanged"
        return {"dry_run": True, "outcome": outcome, "record": after, "changes": changes}


def changed_members(
    before: dict[str, Any] | None, after: dict[str, Any]
) -> dict[str, dict[str, Any]]:
    """The members that differ, each before and after; of a new row, those with a value."""
    if before is None:
        before = {name: None if new else new for name, new in after.items()}
    return {
        name: {"old": before[name], "new": new}
        for name, new in after.items()
        if name not in _NO_CHANGES and before[name] != new
    }


def _uuid(text: str) -> UUID | None:
    try:
        return uuid_or_404(text)
    except Http404:
        return None
