"""The paths of this contract."""

from django.urls import path, re_path

from customers.api.lago.contract import CONTRACT
from customers.api.lago.views import CustomerViewSet
from customers.rest.openapi import Document
from customers.rest.views import UnknownPath

urlpatterns = [
    path("api/v1/openapi.json", Document.as_view(contract=CONTRACT)),
    path("api/v1/customers", CustomerViewSet.as_view({"get": "list", "post": "create"})),
    # An id may have any characters in it, slashes and line breaks too.
    re_path(
        r"^api/v1/customers/(?P<external_id>(?s:.+))\Z",
        CustomerViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
    ),
    re_path(r"^api/v1(/.*)?$", UnknownPath.as_view(contract=CONTRACT)),
]
