"""The history of a customer: its versions with what changed, and who last set each field."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.registry.endpoints import NOT_CHANGES, Endpoint, changed_members
from customers.api.registry.event_serializers import ActorSerializer
from customers.api.registry.openapi import CUSTOMER_ID, errors
from customers.api.registry.serializers import ChangeSerializer, CustomerSerializer
from customers.insights.versions import Version, get_last_changes, get_versions
from customers.models import Customer
from customers.models.keyset import Page
from customers.rest.reading import Found, wire_of

_WIRE = wire_of(CustomerSerializer)
_FIELDS = {*CustomerSerializer().fields} - NOT_CHANGES
_ACTIONS = {
    "created": "created",
    "changed": "updated",
    "archived": "archived",
    "restored": "restored",
    "removed": "removed",
}
_LAST_EVENT = 2**63 - 1


class AuthoredSerializer(serializers.Serializer[Any]):
    """Who made a version, when, how and why."""

    version = serializers.IntegerField(help_text="The customer's, after the change.")
    at = serializers.DateTimeField(help_text="The time of the change.")
    actor = ActorSerializer(allow_null=True, help_text="Null for a change by SQL.")
    contract = serializers.CharField(
        allow_null=True, help_text="The API that it came through; null for staff and commands."
    )
    request_id = serializers.CharField(
        allow_null=True, help_text="The `X-Request-Id` of the request that made it."
    )
    import_id = serializers.UUIDField(allow_null=True, help_text="The import that made it.")
    reason = serializers.CharField(allow_null=True, help_text="The reason that was given.")


class VersionSerializer(AuthoredSerializer):
    """A version of a customer."""

    action = serializers.ChoiceField(
        choices=list(_ACTIONS.values()), help_text="What was done to the customer."
    )
    changes = serializers.DictField(child=ChangeSerializer(), help_text="By member.")


class BlameSerializer(serializers.Serializer[Any]):
    """Who last set each member of a customer that ever had a value."""

    last_set = serializers.DictField(
        child=AuthoredSerializer(),
        help_text="By member. Each key of the metadata is there as `metadata[key]` too.",
    )


class HistoryViewSet(Endpoint):
    """The history of one customer."""

    queryset = Customer.objects.none()
    serializer_class = VersionSerializer

    @extend_schema(
        operation_id="list_versions",
        summary="List the versions of a customer",
        tags=["History"],
        parameters=[CUSTOMER_ID],
        responses={200: VersionSerializer(many=True), **errors(404)},
    )
    def list(self, request: Request, id: str) -> Response:
        place = self.paginator.read_place(request)  # type: ignore[union-attr]
        page = get_versions(
            self.tenant,
            self.customer_id(id),
            limit=place.limit,
            after=_event_id(place.after),
            before=_event_id(place.before),
        )
        rows = [
            Found(UUID(int=row.event.pgh_id), row.event.version, self.shown(row))
            for row in page.rows
        ]
        found = Page(rows, has_next=page.has_next, has_previous=page.has_previous)
        return Response(self.paginator.envelope(found))  # type: ignore[union-attr]

    @extend_schema(
        operation_id="get_blame",
        summary="Get who last set each member",
        tags=["History"],
        parameters=[CUSTOMER_ID],
        responses={200: OpenApiResponse(BlameSerializer, "Who set what."), **errors(404)},
    )
    def blame(self, request: Request, id: str) -> Response:
        found = get_last_changes(self.tenant, self.customer_id(id), _FIELDS)
        return Response({"last_set": {name: authored(found[name]) for name in sorted(found)}})

    def shown(self, version: Version) -> dict[str, Any]:
        """A version on the wire."""
        event, former = version
        after = _WIRE.members_of(event, self.origin)
        before = None if former is None else _WIRE.members_of(former, self.origin)
        return {
            **authored(event),
            "action": _ACTIONS[version.verb],
            "changes": changed_members(before, after),
        }


def authored(event: Any) -> dict[str, Any]:
    """Who made a version, when, how and why."""
    context = event.pgh_context or {}
    return {
        "version": event.version,
        "at": event.pgh_created_at,
        "actor": context.get("actor"),
        "contract": context.get("contract"),
        "request_id": context.get("request_id"),
        "import_id": context.get("import"),
        "reason": context.get("reason"),
    }


def _event_id(cursor: UUID | int | None) -> int | None:
    """The id of an event that a cursor has as a UUID."""
    return None if cursor is None else min(int(cursor), _LAST_EVENT)
