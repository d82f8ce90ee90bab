"""The endpoints of this contract."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
)
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.billabear.contract import CONTRACT
from customers.api.billabear.errors import render_error
from customers.api.billabear.filters import CustomerFilter
from customers.api.billabear.pagination import LastKeyPagination
from customers.api.billabear.serializers import (
    CreatedSerializer,
    CustomerCreate,
    CustomerSerializer,
    ErrorSerializer,
)
from customers.models import Customer
from customers.rest.authentication import HeaderApiKey
from customers.rest.conditional import etag
from customers.rest.openapi import (
    ETAG,
    IDEMPOTENCY_KEY,
    IF_NONE_MATCH,
    NOT_MODIFIED,
    error_responses,
)
from customers.rest.sources import live_customer, live_customers
from customers.rest.views import CustomerView, uuid_or_404

ID = OpenApiParameter("id", OpenApiTypes.UUID, OpenApiParameter.PATH)
CREATE_EXAMPLE = OpenApiExample(
    "A customer", {"email": "iain.cambridge@example.org", "country": "DE"}, request_only=True
)
UNAUTHORIZED = OpenApiResponse(
    {"type": "array", "maxItems": 0, "items": {}},
    "No key, or one that is unknown, revoked or expired.",
)
WHEN = {
    400: "There has been an invalid request sent.",
    409: "Customer for billing email already exists, or the Idempotency-Key is in use or was "
    "used for another request.",
    413: "The body is larger than 1 MiB; of a list, per_page is above 100.",
}


def errors(*statuses: int) -> dict[int, OpenApiResponse]:
    """The error responses of an operation: `statuses`, and those that any may have."""
    responses = error_responses(render_error, ErrorSerializer, WHEN, (*statuses, 403))
    return {**responses, 401: UNAUTHORIZED}


class CustomerViewSet(CustomerView):
    """Customers."""

    contract = CONTRACT
    authentication_classes = [HeaderApiKey]
    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    pagination_class = LastKeyPagination
    filter_backends = [DjangoFilterBackend]  # for the OpenAPI document
    filterset_class = CustomerFilter

    @extend_schema(
        operation_id="list_customers",
        summary="List Customers",
        tags=["Customers"],
        responses={200: CustomerSerializer(many=True), **errors(400, 413)},
    )
    def list(self, request: Request) -> Response:
        return self.page(live_customers)

    @extend_schema(
        operation_id="create_customer",
        summary="Create Customer",
        tags=["Customers"],
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=CustomerCreate,
        examples=[CREATE_EXAMPLE],
        responses={
            201: OpenApiResponse(CreatedSerializer, "The customer has been created."),
            **errors(400, 409, 413, 415),
        },
    )
    def create(self, request: Request) -> Response:
        customer = Customer.objects.register(
            self.tenant, CustomerCreate.read(request.data), email_must_be_free=True
        )
        shown = CONTRACT.represent(customer, self.origin)
        return Response({"success": True, "customer": shown}, 201, headers={"ETag": etag(customer)})

    @extend_schema(
        operation_id="get_customer",
        summary="Get Customer",
        tags=["Customers"],
        parameters=[ID, IF_NONE_MATCH, ETAG],
        responses={
            200: OpenApiResponse(CustomerSerializer, "The customer."),
            304: NOT_MODIFIED,
            **errors(400, 404),
        },
    )
    def retrieve(self, request: Request, id: str) -> HttpResponseBase:
        return self.show(self.one(live_customer, id=uuid_or_404(id)))
