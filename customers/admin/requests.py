"""Responses stored for idempotency keys: which there are, never what they contain."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.db.models.functions import Length
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from customers.admin.base import OfOrganizations, ReadOnly
from customers.admin.filters import OrganizationFilter
from customers.models import IdempotencyRecord


@admin.register(IdempotencyRecord)
class IdempotencyRecordAdmin(ReadOnly, OfOrganizations):
    list_display = ("credential", "organization", "status", "created_at", "size")
    fields = list_display
    readonly_fields = list_display
    list_filter = [OrganizationFilter]
    list_select_related = ["organization"]
    search_fields = ["credential"]
    search_help_text = _("The kind and id of a credential")
    date_hierarchy = "created_at"
    ordering = ["-created_at", "-pk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request).defer("body", "headers")
        sized: QuerySet[Any] = rows.annotate(body_length=Length("body"))
        return sized

    @admin.display(description=_("size"))
    def size(self, record: Any) -> str:
        return filesizeformat(record.body_length)
