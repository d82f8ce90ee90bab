"""The endpoints of this contract."""

from __future__ import annotations

from django.http.response import HttpResponseBase
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.alternative_payments.contract import CONTRACT
from customers.api.alternative_payments.filters import CustomerFilter
from customers.api.alternative_payments.openapi import (
    CUSTOMER_ID,
    PAYMENT_METHOD_ID,
    errors,
)
from customers.api.alternative_payments.pagination import CursorPagination
from customers.api.alternative_payments.serializers import (
    CustomerCreate,
    CustomerPatch,
    CustomerSerializer,
    PaymentMethodSerializer,
    UserCreate,
    UserSerializer,
)
from customers.models import Customer, CustomerUser, PaymentMethod
from customers.rest.authentication import BearerAccessToken, BearerApiKey
from customers.rest.openapi import ETAG, IDEMPOTENCY_KEY, IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED
from customers.rest.reading import wire_of
from customers.rest.sources import (
    customer,
    live_customers,
    payment_method_of,
    payment_methods_of,
    users_of,
)
from customers.rest.views import CustomerView, uuid_or_404

CUSTOMER = OpenApiResponse(CustomerSerializer, "The customer.")


class Endpoint(CustomerView):
    """What the endpoints share: this contract's credentials and pages."""

    contract = CONTRACT
    authentication_classes = [BearerApiKey, BearerAccessToken]
    pagination_class = CursorPagination
    filter_backends = []


class CustomerViewSet(Endpoint):
    """Customers."""

    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer
    filter_backends = [DjangoFilterBackend]  # for the OpenAPI document
    filterset_class = CustomerFilter

    @extend_schema(
        operation_id="list_customers",
        summary="List customers",
        tags=["Customers"],
        responses={200: CustomerSerializer(many=True), **errors(400, 401, 403)},
    )
    def list(self, request: Request) -> Response:
        return self.page(live_customers)

    @extend_schema(
        operation_id="create_customer",
        summary="Create a customer",
        tags=["Customers"],
        parameters=[IDEMPOTENCY_KEY, ETAG],
        request=CustomerCreate,
        responses={201: CUSTOMER, **errors(400, 401, 403, 409, 413, 415, 422)},
    )
    def create(self, request: Request) -> HttpResponseBase:
        customer = Customer.objects.register(self.tenant, CustomerCreate.read(request.data))
        return self.answer(customer, status=201)

    @extend_schema(
        operation_id="get_customer",
        summary="Get a customer",
        tags=["Customers"],
        parameters=[CUSTOMER_ID, IF_NONE_MATCH, ETAG],
        responses={200: CUSTOMER, 304: NOT_MODIFIED, **errors(400, 401, 403, 404)},
    )
    def retrieve(self, request: Request, id: str) -> HttpResponseBase:
        return self.show(self.one(customer, id=uuid_or_404(id)))

    @extend_schema(
        operation_id="patch_customer",
        summary="Patch customer",
        tags=["Customers"],
        parameters=[CUSTOMER_ID, IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=CustomerPatch,
        responses={200: CUSTOMER, **errors(400, 401, 403, 404, 409, 412, 413, 415, 422)},
    )
    def partial_update(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        changes = CustomerPatch.read(request.data, partial=True)
        customer.revise(changes, expecting=self.expecting)
        return self.answer(customer)

    @extend_schema(
        operation_id="archive_customer",
        summary="Archive a customer",
        tags=["Customers"],
        parameters=[CUSTOMER_ID, IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        responses={200: CUSTOMER, **errors(400, 401, 403, 404, 409, 412, 413)},
    )
    def destroy(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        customer.archive(expecting=self.expecting)
        return self.answer(customer)

    @extend_schema(
        operation_id="restore_customer",
        summary="Restore a customer",
        tags=["Customers"],
        parameters=[CUSTOMER_ID, IDEMPOTENCY_KEY, IF_MATCH, ETAG],
        request=None,
        responses={200: CUSTOMER, **errors(400, 401, 403, 404, 409, 412, 413)},
    )
    def restore(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        customer.restore(expecting=self.expecting)
        return self.answer(customer)


class UserViewSet(Endpoint):
    """The users of a customer."""

    queryset = CustomerUser.objects.none()
    serializer_class = UserSerializer

    @extend_schema(
        operation_id="list_customer_users",
        summary="List customer users",
        tags=["Users"],
        parameters=[CUSTOMER_ID],
        responses={200: UserSerializer(many=True), **errors(400, 401, 403, 404)},
    )
    def list(self, request: Request, id: str) -> Response:
        return self.page(users_of, customer_id=self.customer_id(id))

    @extend_schema(
        operation_id="create_customer_user",
        summary="Create a customer user",
        tags=["Users"],
        parameters=[CUSTOMER_ID, IDEMPOTENCY_KEY, IF_MATCH],
        request=UserCreate,
        responses={
            201: OpenApiResponse(UserSerializer, "The user."),
            **errors(400, 401, 403, 404, 409, 412, 413, 415, 422),
        },
    )
    def create(self, request: Request, id: str) -> Response:
        customer = self.get_customer(id)
        user = customer.add_user(**UserCreate.read(request.data), expecting=self.expecting)
        return Response(wire_of(UserSerializer).members_of(user, self.origin), status=201)


class PaymentMethodViewSet(Endpoint):
    """The payment methods of a customer."""

    queryset = PaymentMethod.objects.none()
    serializer_class = PaymentMethodSerializer

    @extend_schema(
        operation_id="list_payment_methods",
        summary="List payment methods",
        tags=["Payment methods"],
        parameters=[CUSTOMER_ID],
        responses={200: PaymentMethodSerializer(many=True), **errors(400, 401, 403, 404)},
    )
    def list(self, request: Request, id: str) -> Response:
        return self.page(payment_methods_of, customer_id=self.customer_id(id))

    @extend_schema(
        operation_id="get_payment_method",
        summary="Get payment method by ID",
        tags=["Payment methods"],
        parameters=[CUSTOMER_ID, PAYMENT_METHOD_ID],
        responses={
            200: OpenApiResponse(PaymentMethodSerializer, "The payment method."),
            **errors(400, 401, 403, 404),
        },
    )
    def retrieve(self, request: Request, id: str, payment_method_id: str) -> Response:
        found = self.one(
            payment_method_of, customer_id=uuid_or_404(id), id=uuid_or_404(payment_method_id)
        )
        return Response(found.members)
