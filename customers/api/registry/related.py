"""The endpoints of a customer's users and payment methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from django.http.response import HttpResponseBase
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.registry.as_of import read_as_of
from customers.api.registry.endpoints import Endpoint
from customers.api.registry.errors import RowNotFound
from customers.api.registry.filters import PaymentMethodFilter
from customers.api.registry.openapi import (
    CREATE,
    CUSTOMER,
    CUSTOMER_ID,
    PAYMENT_METHOD,
    PAYMENT_METHOD_ID,
    USER,
    USER_ID,
    WRITE,
    errors,
)
from customers.api.registry.pagination import PastPagination
from customers.api.registry.serializers import (
    CustomerSerializer,
    PaymentMethodPatch,
    PaymentMethodSerializer,
    PaymentMethodWrite,
    UserSerializer,
    UserWrite,
)
from customers.models import Customer, CustomerUser, PaymentMethod
from customers.models.base import CustomerRelated
from customers.rest.openapi import ETAG, IF_MATCH, IF_NONE_MATCH, NOT_MODIFIED
from customers.rest.reading import Source
from customers.rest.sources import (
    payment_method_of,
    payment_methods_at,
    payment_methods_of,
    user_of,
    users_at,
    users_of,
)
from customers.rest.views import uuid_or_404

ADD = [CUSTOMER_ID, IF_MATCH, *CREATE]
CHANGE = [CUSTOMER_ID, IF_MATCH, ETAG, *WRITE]
REMOVE = [CUSTOMER_ID, IF_MATCH, *WRITE]
REFUSALS = errors(404, 409, 412, 413, 415, 422)


class RelatedEndpoint(Endpoint):
    """Base of the endpoints of rows that belong to a customer."""

    model: type[CustomerUser | PaymentMethod]
    pagination_class = PastPagination

    def list_of(self, id: str, source: Source, source_at: Source) -> Response:
        """A page of what belongs to a customer, now or as it stood."""
        filters = self.filterset_class.base_filters if self.filterset_class else ()
        as_of = read_as_of(self.request.query_params, refusing=filters)
        if as_of is None:
            return self.page(source, customer_id=self.customer_id(id))
        found = self.one_at(as_of, self.known_id(id))
        return self.page(source_at, as_of=as_of.as_of, ids=[found.id])

    def row(self, id: str, row_id: str) -> Any:
        """A row of a customer. Raises RowNotFound."""
        rows = self.model.objects.visible_to(self.tenant).select_related("customer")
        try:
            found = rows.filter(customer=self.known_id(id), pk=uuid_or_404(row_id)).first()
        except Http404:
            found = None
        if found is None:
            raise RowNotFound
        return found

    def show_one(self, source: Source, id: str, row_id: str) -> HttpResponseBase:
        """A response with a row of a source. Raises RowNotFound."""
        known = self.known_id(id)
        try:
            return self.show(self.one(source, customer_id=known, id=uuid_or_404(row_id)))
        except Http404:
            raise RowNotFound from None

    def change(self, row: CustomerRelated, changes: Mapping[str, object]) -> HttpResponseBase:
        """Change a row, and answer with it."""
        self.will_change(row)
        row.revise(changes, expecting=self.expecting)
        return self.written(row)

    def remove(self, row: CustomerRelated) -> HttpResponseBase:
        """Remove a row, and answer with it as it was."""
        members = self.members_of(row)
        row.remove(expecting=self.expecting)
        return self.removed(members)


class UserViewSet(RelatedEndpoint):
    """The users of a customer."""

    model = CustomerUser
    queryset = CustomerUser.objects.none()
    serializer_class = UserSerializer

    @extend_schema(
        operation_id="list_users",
        summary="List users",
        tags=["Users"],
        parameters=[CUSTOMER_ID],
        responses={200: UserSerializer(many=True), **errors(404)},
    )
    def list(self, request: Request, id: str) -> Response:
        return self.list_of(id, users_of, users_at)

    @extend_schema(
        operation_id="create_user",
        summary="Add a user",
        tags=["Users"],
        parameters=ADD,
        request=UserWrite,
        responses={**USER.created, **REFUSALS},
    )
    def create(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        user = customer.add_user(**UserWrite.read(request.data), expecting=self.expecting)
        return self.written(user, f"{self.contract.customer_path(customer)}/users/{user.pk}")

    @extend_schema(
        operation_id="get_user",
        summary="Get a user",
        tags=["Users"],
        parameters=[CUSTOMER_ID, USER_ID, IF_NONE_MATCH, ETAG],
        responses={
            200: OpenApiResponse(UserSerializer, "The user."),
            304: NOT_MODIFIED,
            **errors(404),
        },
    )
    def retrieve(self, request: Request, id: str, user_id: str) -> HttpResponseBase:
        return self.show_one(user_of, id, user_id)

    @extend_schema(
        operation_id="patch_user",
        summary="Change a user",
        tags=["Users"],
        parameters=[USER_ID, *CHANGE],
        request={"application/merge-patch+json": UserWrite, "application/json": UserWrite},
        responses={**USER.written, **REFUSALS},
    )
    def partial_update(self, request: Request, id: str, user_id: str) -> HttpResponseBase:
        user = self.row(id, user_id)
        return self.change(user, UserWrite.read(request.data, partial=True))

    @extend_schema(
        operation_id="remove_user",
        summary="Remove a user",
        tags=["Users"],
        parameters=[USER_ID, *REMOVE],
        request=None,
        responses={**USER.written, **errors(404, 409, 412, 413)},
    )
    def destroy(self, request: Request, id: str, user_id: str) -> HttpResponseBase:
        return self.remove(self.row(id, user_id))


class PaymentMethodViewSet(RelatedEndpoint):
    """The payment methods of a customer."""

    model = PaymentMethod
    queryset = PaymentMethod.objects.none()
    serializer_class = PaymentMethodSerializer
    filter_backends = [DjangoFilterBackend]  # for the OpenAPI document
    filterset_class = PaymentMethodFilter

    @extend_schema(
        operation_id="list_payment_methods",
        summary="List payment methods",
        tags=["Payment methods"],
        parameters=[CUSTOMER_ID],
        responses={200: PaymentMethodSerializer(many=True), **errors(404)},
    )
    def list(self, request: Request, id: str) -> Response:
        return self.list_of(id, payment_methods_of, payment_methods_at)

    @extend_schema(
        operation_id="create_payment_method",
        summary="Add a payment method",
        tags=["Payment methods"],
        parameters=ADD,
        request=PaymentMethodWrite,
        responses={**PAYMENT_METHOD.created, **REFUSALS},
    )
    def create(self, request: Request, id: str) -> HttpResponseBase:
        customer = self.get_customer(id)
        values = PaymentMethodWrite.read(request.data)
        method = customer.add_payment_method(**values, expecting=self.expecting)
        path = f"{self.contract.customer_path(customer)}/payment_methods/{method.pk}"
        return self.written(method, path)

    @extend_schema(
        operation_id="get_payment_method",
        summary="Get a payment method",
        tags=["Payment methods"],
        parameters=[CUSTOMER_ID, PAYMENT_METHOD_ID, IF_NONE_MATCH, ETAG],
        responses={
            200: OpenApiResponse(PaymentMethodSerializer, "The payment method."),
            304: NOT_MODIFIED,
            **errors(404),
        },
    )
    def retrieve(self, request: Request, id: str, payment_method_id: str) -> HttpResponseBase:
        return self.show_one(payment_method_of, id, payment_method_id)

    @extend_schema(
        operation_id="patch_payment_method",
        summary="Change a payment method",
        tags=["Payment methods"],
        parameters=[PAYMENT_METHOD_ID, *CHANGE],
        request={
            "application/merge-patch+json": PaymentMethodPatch,
            "application/json": PaymentMethodPatch,
        },
        responses={**PAYMENT_METHOD.written, **REFUSALS},
    )
    def partial_update(self, request: Request, id: str, payment_method_id: str) -> HttpResponseBase:
        method = self.row(id, payment_method_id)
        return self.change(method, PaymentMethodPatch.read(request.data, partial=True))

    @extend_schema(
        operation_id="remove_payment_method",
        summary="Remove a payment method",
        tags=["Payment methods"],
        parameters=[PAYMENT_METHOD_ID, *REMOVE],
        request=None,
        responses={**PAYMENT_METHOD.written, **errors(404, 409, 412, 413)},
    )
    def destroy(self, request: Request, id: str, payment_method_id: str) -> HttpResponseBase:
        return self.remove(self.row(id, payment_method_id))

    @extend_schema(
        operation_id="make_payment_method_default",
        summary="Make a payment method the default",
        tags=["Payment methods"],
        parameters=[PAYMENT_METHOD_ID, *CHANGE],
        request=None,
        responses={**CUSTOMER.written, **errors(404, 409, 412, 413)},
    )
    def make_default(self, request: Request, id: str, payment_method_id: str) -> HttpResponseBase:
        method = self.row(id, payment_method_id)
        customer: Customer = method.customer
        self.will_change(customer)
        customer.set_default_payment_method(method, expecting=self.expecting)
        return self.written(customer)

    @property
    def shown_by(self) -> Any:
        return CustomerSerializer if self.action == "make_default" else super().shown_by
