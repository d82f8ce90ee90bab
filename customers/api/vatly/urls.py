"""The paths of this contract."""

from django.urls import path, re_path

from customers.api.vatly.contract import CONTRACT
from customers.api.vatly.views import CustomerViewSet, SubscriptionViewSet
from customers.rest.openapi import Document
from customers.rest.views import UnknownPath

urlpatterns = [
    path("v1/openapi.json", Document.as_view(contract=CONTRACT)),
    path("v1/customers", CustomerViewSet.as_view({"get": "list", "post": "create"})),
    path("v1/customers/<str:id>", CustomerViewSet.as_view({"get": "retrieve"})),
    path("v1/customers/<str:id>/subscriptions", SubscriptionViewSet.as_view({"get": "list"})),
    re_path(r"^v1(/.*)?$", UnknownPath.as_view(contract=CONTRACT)),
]
