"""The endpoints of customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from django.http import Http404
from django.http.response import HttpResponseBase
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.registry.as_of import read_as_of
from customers.api.registry.endpoints import Endpoint
from customers.api.registry.errors import CustomerNotFound
from customers.api.registry.expansion import expand, read_expand
from customers.api.registry.filters import CustomerFilter, PastCustomerFilter
from customers.api.registry.openapi import (
    AS_OF,
    CREATE,
    CUSTOMER,
    CUSTOMER_ID,
    EXPAND,
    EXTERNAL_ID,
    LOCATION,
    METADATA,
    WRITE,
    errors,
)
from customers.api.registry.pagination import CustomerPagination
from customers.api.registry.serializers import (
    CustomerPatch,
    CustomerSerializer,
    CustomerWrite,
    ExpandedCustomerSerializer,
    WithReason,
)
from customers.insights.past import check_recorded
from customers.models import Customer
from customers.models.base import absent_if_blank
from customers.models.history import recording
from customers.rest.openapi import ETAG, IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED
from customers.rest.reading import Found
from customers.rest.sources import (
    all_customers,
    all_customers_at,
    archived_customers,
    archived_customers_at,
    customer,
    customer_with_external_id,
    live_customers,
    live_customers_at,
)

#: What is listed, by the parameter `archived`: now, and as it stood.
LISTED = {
    "false": (live_customers, live_customers_at),
    "true": (archived_customers, archived_customers_at),
    "any": (all_customers, all_customers_at),
}

SHOWN = OpenApiResponse(ExpandedCustomerSerializer, "The customer.")


class CustomerEndpoint(Endpoint):
    """Base of the endpoints that show customers."""

    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    #: The parameters of reading one.
    of_one: ClassVar = frozenset({"expand"})

    def has_parameter(self, name: str) -> bool:
        return super().has_parameter(name) or (self.action == "retrieve" and name in self.of_one)

    def found(self, found: Found) -> HttpResponseBase:
        """A response with a customer that was read, and what `expand` asks for."""
        names = read_expand(self.request.query_params.dict())
        if not names:
            return self.show(found)
        expand([(found.id, found.members)], names, self.tenant, self.origin)
        return Response(found.members)


class CustomerViewSet(CustomerEndpoint):
    """Customers."""

    pagination_class = CustomerPagination
    filter_backends = [DjangoFilterBackend]  # for the OpenAPI document
    filterset_class = CustomerFilter
    of_one = frozenset({"expand", "as_of"})

    @extend_schema(
        operation_id="list_customers",
        summary="List customers",
        tags=["Customers"],
        parameters=[METADATA],
        responses={200: ExpandedCustomerSerializer(many=True), **errors(404)},
    )
    def list(self, request: Request) -> Response:
        query = request.query_params
        now, then = LISTED.get(query.get("archived", "false"), LISTED["false"])
        is_by_update = query.get("sort", "").endswith("updated")
        as_of = read_as_of(query, refusing=("q", "sort") if is_by_update else ("q",))
        if as_of is None:
            page = self.rows(now)
        else:
            self.filterset_class = PastCustomerFilter
            page = self.rows(then, **as_of._asdict())
            if not page.rows:
                check_recorded(self.tenant, as_of.as_of)
        assert isinstance(self.paginator, CustomerPagination)
        customers = [(row.id, row.members) for row in page.rows]
        expand(customers, self.paginator.expand, self.tenant, self.origin, as_of and as_of.as_of)
        return Response(self.paginator.envelope(page))

    @extend_schema(
        operation_id="create_customer",
        summary="Create a customer",
        tags=["Customers"],
        parameters=CREATE,
        request=CustomerWrite,
        responses={**CUSTOMER.created, **errors(409, 413, 415, 422)},
    )
    def create(self, request: Request) -> HttpResponseBase:
        customer = Customer.objects.register(self.tenant, CustomerWrite.read(request.data))
        return self.written(customer, self.contract.customer_path(customer))

    @extend_schema(
        operation_id="get_customer",
        summary="Get a customer",
        tags=["Customers"],
        parameters=[CUSTOMER_ID, EXPAND, AS_OF, IF_NONE_MATCH, ETAG],
        responses={200: SHOWN, 304: NOT_MODIFIED, **errors(404)},
    )
    def retrieve(self, request: Request, id: str) -> HttpResponseBase:
        known_id = self.known_id(id)
        as_of = read_as_of(request.query_params)
        if as_of is not None:
            found = self.one_at(as_of, known_id)
            names = read_expand(request.query_params.dict())
            expand([(found.id, found.members)], names, self.tenant, self.origin, as_of.as_of)
            return Response(found.members)
        try:
            return self.found(self.one(customer, id=known_id))
        except Http404:
            raise CustomerNotFound from None

    @extend_schema(
        operation_id="patch_customer",
        summary="Change a customer",
        tags=["Customers"],
        parameters=[CUSTOMER_ID, IF_MATCH, ETAG, *WRITE],
        request={
            "application/merge-patch+json": CustomerPatch,
            "application/json": CustomerPatch,
        },
        responses={**CUSTOMER.written, **errors(404, 409, 412, 413, 415, 422)},
    )
    def partial_update(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        self.will_change(customer)
        changes = CustomerPatch.read(request.data, partial=True)
        customer.merge(changes, expecting=self.expecting)
        return self.written(customer)

    @extend_schema(
        operation_id="archive_customer",
        summary="Archive a customer",
        tags=["Customers"],
        parameters=[CUSTOMER_ID, IF_MATCH, ETAG, *WRITE],
        request=WithReason,
        responses={**CUSTOMER.written, **errors(404, 409, 412, 413, 415, 422)},
    )
    def archive(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        return self.with_reason(customer, customer.archive)

    @extend_schema(
        operation_id="restore_customer",
        summary="Restore a customer",
        tags=["Customers"],
        parameters=[CUSTOMER_ID, IF_MATCH, ETAG, *WRITE],
        request=WithReason,
        responses={**CUSTOMER.written, **errors(404, 409, 412, 413, 415, 422)},
    )
    def restore(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        return self.with_reason(customer, customer.restore)

    def with_reason(self, customer: Customer, verb: Callable[..., None]) -> HttpResponseBase:
        """Do a verb of the customer, with the reason in the body."""
        self.will_change(customer)
        reason = absent_if_blank(WithReason.read(self.request.data).get("reason"))
        with recording(**({"reason": reason} if reason else {})):
            verb(expecting=self.expecting)
        return self.written(customer)


class ExternalIdViewSet(CustomerEndpoint):
    """Live customers by their external ids."""

    @extend_schema(
        operation_id="get_customer_by_external_id",
        summary="Get a customer by its external id",
        tags=["Customers"],
        parameters=[EXTERNAL_ID, EXPAND, IF_NONE_MATCH, ETAG],
        responses={200: SHOWN, 304: NOT_MODIFIED, **errors(404)},
    )
    def retrieve(self, request: Request, external_id: str) -> HttpResponseBase:
        try:
            if "\0" in external_id:  # which no text of the store has
                raise Http404
            return self.found(self.one(customer_with_external_id, external_id=external_id))
        except Http404:
            raise CustomerNotFound(
                "No live customer has this external id. Archived ones are listed with "
                "archived=true."
            ) from None

    @extend_schema(
        operation_id="upsert_customer",
        summary="Create a customer, or change it",
        tags=["Customers"],
        parameters=[EXTERNAL_ID, IF_MATCH, ETAG, *WRITE, LOCATION],
        request=CustomerWrite,
        responses={**CUSTOMER.upserted, **errors(409, 412, 413, 415, 422)},
    )
    def update(self, request: Request, external_id: str) -> HttpResponseBase:
        values = CustomerWrite.read(request.data, partial=True)
        if values.pop("external_id", external_id) != external_id:
            differs = serializers.ErrorDetail("Differs from that in the path.", "differs")
            raise serializers.ValidationError({"external_id": [differs]})
        if self.is_dry_run:
            self.before_upsert(external_id)
        customer, is_new = Customer.objects.upsert(
            self.tenant, external_id, values, expecting=self.expecting, or_own_id=False
        )
        return self.written(customer, self.contract.customer_path(customer) if is_new else "")

    def before_upsert(self, external_id: str) -> None:
        known = live_customers(self.tenant).filter(external_id=external_id).first()
        if known is not None:
            self.will_change(known)
