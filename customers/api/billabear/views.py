"""The endpoints of this contract."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_view,
)
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.billabear.contract import CONTRACT
from customers.api.billabear.errors import render_error
from customers.api.billabear.filters import CustomerFilter
from customers.api.billabear.pagination import AllPagination, LastKeyPagination
from customers.api.billabear.serializers import (
    CreatedSerializer,
    CustomerCreate,
    CustomerDetailSerializer,
    CustomerSerializer,
    CustomerUpdate,
    ErrorSerializer,
    PaymentMethodSerializer,
    PostedSerializer,
)
from customers.models import Customer, PaymentMethod
from customers.rest.authentication import HeaderApiKey
from customers.rest.conditional import etag
from customers.rest.openapi import (
    ETAG,
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    NOT_MODIFIED,
    error_responses,
)
from customers.rest.reading import wire_of
from customers.rest.sources import live_customer, live_customers, payment_methods_of
from customers.rest.views import CustomerView, uuid_or_404

ID = OpenApiParameter(
    "id", OpenApiTypes.UUID, OpenApiParameter.PATH, description="The customer's id."
)
CUSTOMER = OpenApiResponse(CustomerDetailSerializer, "The customer.")
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


class Endpoint(CustomerView):
    """What the endpoints share."""

    contract = CONTRACT
    authentication_classes = [HeaderApiKey]
    filter_backends = []


class CustomerViewSet(Endpoint):
    """Customers."""

    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    pagination_class = LastKeyPagination
    filter_backends = [DjangoFilterBackend]  # for the OpenAPI document
    filterset_class = CustomerFilter

    @property
    def shown_by(self) -> Any:
        return CustomerDetailSerializer if self.action == "retrieve" else CustomerSerializer

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
        responses={
            201: OpenApiResponse(CreatedSerializer, "The customer has been created."),
            **errors(400, 409, 413, 415),
        },
    )
    def create(self, request: Request) -> Response:
        customer = self.register(request)
        return Response(self.created(customer), 201, headers={"ETag": etag(customer)})

    @extend_schema(
        operation_id="post_customer",
        summary="Create Customer",
        tags=["Customers"],
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=CustomerCreate,
        responses={
            201: OpenApiResponse(PostedSerializer, "The customer has been created."),
            **errors(400, 409, 413, 415),
        },
    )
    @action(detail=False, methods=["post"])
    def create_by_post(self, request: Request) -> Response:
        customer = self.register(request)
        body = {**CONTRACT.represent(customer, self.origin), **self.created(customer)}
        return Response(body, 201, headers={"ETag": etag(customer)})

    def register(self, request: Request) -> Customer:
        """The customer that a body creates."""
        values = CustomerCreate.read(request.data)
        return Customer.objects.register(self.tenant, values, email_must_be_free=True)

    def created(self, customer: Customer) -> dict[str, Any]:
        """The body of the response to creating a customer."""
        shown = wire_of(CustomerSerializer).members_of(customer, self.origin)
        return {"success": True, "customer": shown}

    @extend_schema(
        operation_id="get_customer",
        summary="Get Customer",
        tags=["Customers"],
        parameters=[ID, IF_NONE_MATCH, ETAG],
        responses={
            200: CUSTOMER,
            304: NOT_MODIFIED,
            **errors(400, 404),
        },
    )
    def retrieve(self, request: Request, id: str) -> HttpResponseBase:
        return self.show(self.one(live_customer, id=uuid_or_404(id)))

    @extend_schema(
        operation_id="update_customer",
        summary="Update Customer",
        tags=["Customers"],
        parameters=[ID, IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=CustomerUpdate,
        responses={202: CUSTOMER, **errors(400, 404, 409, 412, 413, 415)},
    )
    def update(self, request: Request, id: str) -> HttpResponseBase:
        customer = live_customer(self.tenant, uuid_or_404(id)).first()
        if customer is None:
            raise Http404
        customer.revise(
            CustomerUpdate.read(request.data), expecting=self.expecting, email_must_be_free=True
        )
        return self.answer(customer, status=202)

    @extend_schema(
        operation_id="disable_customer",
        summary="Disable Customer",
        tags=["Customers"],
        parameters=[ID, IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=None,
        responses={202: CUSTOMER, **errors(400, 404, 409, 412, 413)},
    )
    @action(detail=True, methods=["post"])
    def disable(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        customer.archive(expecting=self.expecting)
        return self.answer(customer, status=202)

    @extend_schema(
        operation_id="enable_customer",
        summary="Enable Customer",
        tags=["Customers"],
        parameters=[ID, IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=None,
        responses={202: CUSTOMER, **errors(400, 404, 409, 412, 413)},
    )
    @action(detail=True, methods=["post"])
    def enable(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        customer.restore(expecting=self.expecting)
        return self.answer(customer, status=202)


class PaymentMethodViewSet(Endpoint):
    """The payment methods of a customer."""

    queryset = PaymentMethod.objects.none()
    serializer_class = PaymentMethodSerializer
    pagination_class = AllPagination

    @extend_schema(
        operation_id="list_payment_methods",
        summary="List Customer's Payment Details",
        tags=["Payment Details"],
        parameters=[ID],
        responses={200: PaymentMethodSerializer(many=True), **errors(400, 404, 413)},
    )
    def list(self, request: Request, id: str) -> Response:
        return self.page(payment_methods_of, customer_id=self.customer_id(id, live_customer))


@extend_schema_view(
    list=extend_schema(operation_id="list_customers_v1"),
    create=extend_schema(operation_id="create_customer_v1"),
    create_by_post=extend_schema(operation_id="post_customer_v1"),
    retrieve=extend_schema(operation_id="get_customer_v1"),
    update=extend_schema(operation_id="update_customer_v1"),
    disable=extend_schema(operation_id="disable_customer_v1"),
    enable=extend_schema(operation_id="enable_customer_v1"),
)
class CustomerViewSetV1(CustomerViewSet):
    """Customers at the base path of the vendor's clients."""


@extend_schema_view(list=extend_schema(operation_id="list_payment_methods_v1"))
class PaymentMethodViewSetV1(PaymentMethodViewSet):
    """Payment methods at the base path of the vendor's clients."""
