"""The paths of this contract."""

from typing import Any

from django.urls import path, re_path

from customers.api.registry.batch import BatchView
from customers.api.registry.contract import CONTRACT
from customers.api.registry.deliveries import DeliveryViewSet
from customers.api.registry.events import EventViewSet
from customers.api.registry.history import HistoryViewSet
from customers.api.registry.related import PaymentMethodViewSet, UserViewSet
from customers.api.registry.views import CustomerViewSet, ExternalIdViewSet
from customers.api.registry.webhooks import WebhookEndpointViewSet
from customers.rest.openapi import Document
from customers.rest.views import UnknownPath

_LIST: dict[str, Any] = {"get": "list", "post": "create"}
_ONE: dict[str, Any] = {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
_HOOK = "registry/v1/webhook_endpoints/<str:id>"
_METHODS = "registry/v1/customers/<str:id>/payment_methods"

urlpatterns = [
    path("registry/v1/openapi.json", Document.as_view(contract=CONTRACT)),
    path("registry/v1/customers", CustomerViewSet.as_view(_LIST)),
    path("registry/v1/customers/batch", BatchView.as_view({"post": "create"})),
    # An external id may have any characters in it, slashes and line breaks too.
    re_path(
        r"^registry/v1/customers/external/(?P<external_id>(?s:.+))\Z",
        ExternalIdViewSet.as_view({"get": "retrieve", "put": "update"}),
    ),
    path(
        "registry/v1/customers/<str:id>",
        CustomerViewSet.as_view({"get": "retrieve", "patch": "partial_update"}),
    ),
    path("registry/v1/customers/<str:id>/archive", CustomerViewSet.as_view({"post": "archive"})),
    path("registry/v1/customers/<str:id>/restore", CustomerViewSet.as_view({"post": "restore"})),
    path("registry/v1/customers/<str:id>/history", HistoryViewSet.as_view({"get": "list"})),
    path("registry/v1/customers/<str:id>/blame", HistoryViewSet.as_view({"get": "blame"})),
    path("registry/v1/customers/<str:id>/users", UserViewSet.as_view(_LIST)),
    path("registry/v1/customers/<str:id>/users/<str:user_id>", UserViewSet.as_view(_ONE)),
    path(_METHODS, PaymentMethodViewSet.as_view(_LIST)),
    path(f"{_METHODS}/<str:payment_method_id>", PaymentMethodViewSet.as_view(_ONE)),
    path(
        f"{_METHODS}/<str:payment_method_id>/make_default",
        PaymentMethodViewSet.as_view({"post": "make_default"}),
    ),
    path("registry/v1/events", EventViewSet.as_view({"get": "list"})),
    path("registry/v1/events/<str:event_id>", EventViewSet.as_view({"get": "retrieve"})),
    path("registry/v1/webhook_endpoints", WebhookEndpointViewSet.as_view(_LIST)),
    path(_HOOK, WebhookEndpointViewSet.as_view(_ONE)),
    path(f"{_HOOK}/secret", WebhookEndpointViewSet.as_view({"get": "secret"})),
    path(f"{_HOOK}/rotate_secret", WebhookEndpointViewSet.as_view({"post": "rotate"})),
    path(f"{_HOOK}/test", DeliveryViewSet.as_view({"post": "send_test"})),
    path(f"{_HOOK}/redeliver", DeliveryViewSet.as_view({"post": "redeliver_range"})),
    path(f"{_HOOK}/deliveries", DeliveryViewSet.as_view({"get": "list"})),
    path(f"{_HOOK}/deliveries/<str:delivery_id>", DeliveryViewSet.as_view({"get": "retrieve"})),
    path(
        f"{_HOOK}/deliveries/<str:delivery_id>/redeliver",
        DeliveryViewSet.as_view({"post": "redeliver"}),
    ),
    re_path(r"^registry/v1(/.*)?$", UnknownPath.as_view(contract=CONTRACT)),
]
