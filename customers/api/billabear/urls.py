"""The paths of this contract: those of the reference, and the same at its clients' base path."""

from typing import Any

from django.urls import URLPattern, path, re_path

from customers.api.billabear.contract import CONTRACT
from customers.api.billabear.views import (
    CustomerViewSet,
    CustomerViewSetV1,
    PaymentMethodViewSet,
    PaymentMethodViewSetV1,
)
from customers.rest.openapi import Document
from customers.rest.views import UnknownPath


def paths(base: str, customers: Any, payment_methods: Any) -> list[URLPattern]:
    """The paths at and below one base."""
    of_all = {"get": "list", "put": "create", "post": "create_by_post"}
    of_one = {"get": "retrieve", "put": "update"}
    return [
        path(base, customers.as_view(of_all)),
        path(f"{base}/<str:id>", customers.as_view(of_one)),
        path(f"{base}/<str:id>/disable", customers.as_view({"post": "disable"})),
        path(f"{base}/<str:id>/enable", customers.as_view({"post": "enable"})),
        path(f"{base}/<str:id>/payment-methods", payment_methods.as_view({"get": "list"})),
    ]


urlpatterns = [
    path("api/v1.0/openapi.json", Document.as_view(contract=CONTRACT)),
    *paths("api/v1.0/customer", CustomerViewSet, PaymentMethodViewSet),
    *paths("api/v1/customer", CustomerViewSetV1, PaymentMethodViewSetV1),
    re_path(r"^api/(v1\.0|v1/+customer)(/.*)?$", UnknownPath.as_view(contract=CONTRACT)),
]
