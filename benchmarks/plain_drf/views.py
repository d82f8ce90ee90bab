"""The textbook API: a ModelViewSet, a ModelSerializer, CursorPagination."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from rest_framework import pagination, serializers, viewsets

from customers.models import Customer


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """The fields that the project's customers have at `/customers`."""

    class Meta:
        model = Customer
        fields = [
            *("id", "created_at", "external_id", "processor_reference", "email", "name"),
            *("legal_name", "ein", "address_line1", "address_line2", "city", "state"),
            *("postal_code", "country", "default_payment_method"),
        ]


class Pages(pagination.CursorPagination):
    ordering = "-id"
    page_size = 10
    page_size_query_param = "limit"
    max_page_size = 100


class CustomerViewSet(viewsets.ModelViewSet[Customer]):
    queryset = Customer.objects.all()
    serializer_class = CustomerSerializer
    pagination_class = Pages

    def get_queryset(self) -> QuerySet[Customer]:
        return Customer.objects.filter(**self.owner, archived_at=None)

    @property
    def owner(self) -> dict[str, Any]:
        key: Any = self.request.auth
        return {"organization_id": key.organization_id, "mode": key.mode}

    def perform_create(self, serializer: Any) -> None:
        serializer.save(**self.owner)
