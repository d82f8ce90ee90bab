"""The endpoints of this contract."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.http import Http404
from django.http.response import HttpResponseBase
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.lago.contract import CONTRACT
from customers.api.lago.errors import CustomerNotFound, render_error
from customers.api.lago.filters import CustomerFilter
from customers.api.lago.pagination import NumberedPagination
from customers.api.lago.serializers import (
    CustomerRequest,
    CustomerResponse,
    CustomerSerializer,
    CustomerWrite,
    ErrorSerializer,
)
from customers.models import Customer
from customers.models.credential import Tenant
from customers.models.querysets import CustomerQuerySet, read_own_id
from customers.rest.authentication import BearerApiKey
from customers.rest.openapi import (
    ETAG,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    NOT_MODIFIED,
    error_responses,
)
from customers.rest.problems import InvalidQuery, PathNotFound
from customers.rest.sources import live_customers
from customers.rest.views import CustomerView

PARTS_BELOW = 4  # of a path of the vendor's below a customer's, at most

EXTERNAL_ID = OpenApiParameter(
    "external_id",
    OpenApiTypes.STR,
    OpenApiParameter.PATH,
    description="The customer's own id; characters that a URL cannot have are percent-encoded.",
)
CUSTOMER = OpenApiResponse(CustomerResponse, "The customer.")
WHEN = {
    400: "The `customer` is not present in the body, or the body cannot be read.",
    412: "The customer is not at the version that If-Match names, or there is no customer.",
    422: "Some values are not accepted, in the body or in the query, listed by field.",
}


def errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """The error responses of an operation: `statuses`, and those that any may have."""
    return error_responses(render_error, ErrorSerializer, WHEN, (*statuses, 401, 403, 422))


def known_customer(tenant: Tenant, name: str, id: UUID | None = None) -> CustomerQuerySet:
    """The live customer that the caller knows by this id."""
    return live_customers(tenant).known_by(name, id)


class CustomerViewSet(CustomerView):
    """Customers."""

    contract = CONTRACT
    authentication_classes = [BearerApiKey]
    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    pagination_class = NumberedPagination
    filter_backends = [DjangoFilterBackend]  # for the OpenAPI document
    filterset_class = CustomerFilter

    def get_known(self, external_id: str) -> Customer:
        """The live customer that the caller knows by this id. Raises as `missing` says."""
        customer = self.known([external_id]).first()
        if customer is None:
            raise self.missing(external_id)
        return customer

    def known(self, names: Collection[str]) -> CustomerQuerySet:
        """The live customers that the caller knows by one of these ids."""
        storable = [name for name in names if "\0" not in name]  # which no text of the store has
        return live_customers(self.tenant).known_as(*storable)

    def missing(self, external_id: str) -> APIException:
        """The exception for an id that no live customer has.

        What follows a customer's id and a slash, such as `/portal_url`, is a path of the vendor's
        that is not served.
        """
        parts = external_id.rsplit("/", PARTS_BELOW) if not external_id.endswith("/") else []
        above = ["/".join(parts[:number]) for number in range(1, len(parts))]
        return PathNotFound() if above and self.known(above).exists() else CustomerNotFound()

    def http_method_not_allowed(  # type: ignore[override] # DRF gives its own request
        self, request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        self._refuse_below(**kwargs)
        return super().http_method_not_allowed(request, *args, **kwargs)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        try:
            super().initial(request, *args, **kwargs)
        except InvalidQuery:
            self._refuse_below(**kwargs)
            raise

    def _refuse_below(self, external_id: str = "") -> None:
        """Raise PathNotFound for a path of the vendor's below a customer: it has other methods and
        other parameters than the customer.
        """
        if "/" in external_id and not self.known([external_id]).exists():
            error = self.missing(external_id)
            if isinstance(error, PathNotFound):
                raise error

    @extend_schema(
        operation_id="list_customers",
        summary="List customers",
        tags=["Customers"],
        responses={200: CustomerSerializer(many=True), **errors()},
    )
    def list(self, request: Request) -> Response:
        return self.page(live_customers)

    @extend_schema(
        operation_id="upsert_customer",
        summary="Create or update a customer",
        tags=["Customers"],
        parameters=[IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=CustomerRequest,
        responses={200: CUSTOMER, **errors(400, 409, 412, 413, 415)},
    )
    def create(self, request: Request) -> HttpResponseBase:
        given: object = dict(request.data).get("customer")
        if not isinstance(given, dict) or not given:
            raise ParseError("The `customer` is not present in the body.")
        values = CustomerWrite.read(given, partial=True)
        customer, _ = Customer.objects.upsert(
            self.tenant, values.pop("external_id"), values, expecting=self.expecting
        )
        return self.answer(customer)

    @extend_schema(
        operation_id="get_customer",
        summary="Retrieve a customer",
        tags=["Customers"],
        parameters=[EXTERNAL_ID, IF_NONE_MATCH, ETAG],
        responses={200: CUSTOMER, 304: NOT_MODIFIED, **errors(404)},
    )
    def retrieve(self, request: Request, external_id: str) -> HttpResponseBase:
        id = read_own_id(external_id)
        try:
            if "\0" in external_id:  # which no text of the store has
                raise Http404
            found = self.one(known_customer, name=external_id, **({"id": id} if id else {}))
        except Http404:
            raise self.missing(external_id) from None
        return self.show(found)

    @extend_schema(
        operation_id="delete_customer",
        summary="Delete a customer",
        tags=["Customers"],
        parameters=[EXTERNAL_ID, IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        responses={200: CUSTOMER, **errors(400, 404, 409, 412, 413)},
    )
    def destroy(self, request: Request, external_id: str) -> HttpResponseBase:
        customer = self.get_known(external_id)
        customer.archive(expecting=self.expecting)
        return self.answer(customer)
