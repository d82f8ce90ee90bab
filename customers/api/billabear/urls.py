"""The paths of this contract."""

from django.urls import path, re_path

from customers.api.billabear.contract import CONTRACT
from customers.api.billabear.views import CustomerViewSet
from customers.rest.openapi import Document
from customers.rest.views import UnknownPath

urlpatterns = [
    path("api/v1.0/openapi.json", Document.as_view(contract=CONTRACT)),
    path("api/v1.0/customer", CustomerViewSet.as_view({"get": "list", "put": "create"})),
    path("api/v1.0/customer/<str:id>", CustomerViewSet.as_view({"get": "retrieve"})),
    re_path(r"^api/(v1\.0|v1/+customer)(/.*)?$", UnknownPath.as_view(contract=CONTRACT)),
]
