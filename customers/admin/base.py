"""What the admin's pages have in common: whose rows a person sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.db.models import Field, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from customers.models import Organization, StaffUser
from customers.querysets import visible_to_staff

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
else:
    ModelAdmin = admin.ModelAdmin


def staff(request: HttpRequest) -> StaffUser:
    """The signed-in person."""
    assert isinstance(request.user, StaffUser)
    return request.user


class OfOrganizations(ModelAdmin):
    """Shows the rows of the organizations a person belongs to, and offers only those to choose."""

    show_full_result_count = False
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible_to_staff(super().get_queryset(request), staff(request))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def formfield_for_foreignkey(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Model] | None:
        if db_field.name == "organization":
            kwargs["queryset"] = Organization.objects.visible_to_staff(staff(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[arg-type]
