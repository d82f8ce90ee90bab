"""The paths of this contract."""

from django.urls import path, re_path

from customers.api.alternative_payments.contract import CONTRACT
from customers.api.alternative_payments.oauth import RevocationViewSet, TokenViewSet
from customers.api.alternative_payments.views import (
    CustomerViewSet,
    PaymentMethodViewSet,
    UserViewSet,
)
from customers.rest.openapi import Document
from customers.rest.views import UnknownPath

urlpatterns = [
    path("oauth/token", TokenViewSet.as_view({"post": "create"})),
    path("oauth/revoke", RevocationViewSet.as_view({"post": "create"})),
    path("customers/openapi.json", Document.as_view(contract=CONTRACT)),
    path("customers", CustomerViewSet.as_view({"get": "list", "post": "create"})),
    path(
        "customers/<str:id>",
        CustomerViewSet.as_view(
            {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
        ),
    ),
    path("customers/<str:id>/restore", CustomerViewSet.as_view({"post": "restore"})),
    path("customers/<str:id>/users", UserViewSet.as_view({"get": "list", "post": "create"})),
    path("customers/<str:id>/payment-methods", PaymentMethodViewSet.as_view({"get": "list"})),
    path(
        "customers/<str:id>/payment-methods/<str:payment_method_id>",
        PaymentMethodViewSet.as_view({"get": "retrieve"}),
    ),
    re_path(r"^(customers|oauth)(/.*)?$", UnknownPath.as_view(contract=CONTRACT)),
]
