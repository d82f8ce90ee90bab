"""The endpoints of this contract."""

from __future__ import annotations

from django.http import Http404
from django.http.response import HttpResponseBase
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.vatly.authentication import VatlyKey
from customers.api.vatly.contract import CONTRACT
from customers.api.vatly.errors import render_error
from customers.api.vatly.pagination import LinkPagination
from customers.api.vatly.serializers import (
    CUSTOMER_ID,
    CustomerCreate,
    CustomerSerializer,
    ErrorSerializer,
    NoSubscriptionsSerializer,
    PageSerializer,
)
from customers.models import Customer
from customers.rest.openapi import (
    ETAG,
    IDEMPOTENCY_KEY,
    IF_NONE_MATCH,
    NOT_MODIFIED,
    error_responses,
)
from customers.rest.reading import Found
from customers.rest.sources import live_customer, live_customers
from customers.rest.views import CustomerView
from customers.values.cus_ids import decode

ID = OpenApiParameter(
    "id",
    CUSTOMER_ID,
    OpenApiParameter.PATH,
    description="The customer's id.",
)
CUSTOMER = OpenApiResponse(CustomerSerializer, "The customer.")
WHEN = {
    401: "No key, or one that is unknown or expired.",
    403: "The key is malformed or revoked, or lacks the scope.",
    422: "Some values are not accepted, listed by field: also an email in use, and a query "
    "parameter that cannot be read.",
}


def errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """The error responses of an operation: `statuses`, and those that any may have."""
    return error_responses(render_error, ErrorSerializer, WHEN, (*statuses, 401, 403, 422))


class Endpoint(CustomerView):
    """What the endpoints share."""

    contract = CONTRACT
    authentication_classes = [VatlyKey]
    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    pagination_class = LinkPagination
    filter_backends = []

    def live(self, id: str) -> Found:
        """The live customer of this id. Raises Http404 if there is none."""
        try:
            customer_id = decode(id)
        except ValueError:
            raise Http404 from None
        return self.one(live_customer, id=customer_id)


class CustomerViewSet(Endpoint):
    """Customers."""

    @extend_schema(
        operation_id="list_customers",
        summary="List all customers",
        tags=["Customers"],
        responses={200: OpenApiResponse(PageSerializer, "The page."), **errors()},
    )
    def list(self, request: Request) -> Response:
        return self.page(live_customers)

    @extend_schema(
        operation_id="create_customer",
        summary="Create a customer",
        tags=["Customers"],
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=CustomerCreate,
        responses={201: CUSTOMER, **errors(400, 409, 413, 415)},
    )
    def create(self, request: Request) -> HttpResponseBase:
        customer = Customer.objects.register(
            self.tenant, CustomerCreate.read(request.data), email_must_be_free=True
        )
        return self.answer(customer, status=201)

    @extend_schema(
        operation_id="get_customer",
        summary="Retrieve a customer",
        tags=["Customers"],
        parameters=[ID, IF_NONE_MATCH, ETAG],
        responses={200: CUSTOMER, 304: NOT_MODIFIED, **errors(404)},
    )
    def retrieve(self, request: Request, id: str) -> HttpResponseBase:
        return self.show(self.live(id))


class SubscriptionViewSet(Endpoint):
    """The subscriptions of a customer, of which this store has none."""

    @extend_schema(
        operation_id="list_subscriptions",
        summary="List a customer's subscriptions",
        tags=["Customers"],
        parameters=[ID],
        responses={200: OpenApiResponse(NoSubscriptionsSerializer, "The page."), **errors(404)},
    )
    def list(self, request: Request, id: str) -> Response:
        self.live(id)
        assert isinstance(self.paginator, LinkPagination)
        place = self.paginator.read_place(request)
        return Response(self.paginator.envelope(place.page([], has_passed=False)))
