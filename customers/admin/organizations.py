"""Organizations and the staff who see them."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest

from customers.admin.base import ModelAdmin, staff
from customers.models import Organization, StaffUser

if TYPE_CHECKING:
    StaffAdminBase = UserAdmin[StaffUser]
    MembershipBase = admin.TabularInline[Any, StaffUser]
else:
    StaffAdminBase = UserAdmin
    MembershipBase = admin.TabularInline


@admin.register(Organization)
class OrganizationAdmin(ModelAdmin):
    list_display = ["name", "slug", "created_at"]
    search_fields = ["name", "slug"]
    autocomplete_fields = ["staff"]
    readonly_fields = ["id", "version", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["name", "slug", "staff"]}),
        ("Record", {"fields": ["id", "version", "created_at", "updated_at"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        return Organization.objects.visible_to_staff(staff(request))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # its customers, keys and history hang on it


class Memberships(MembershipBase):
    """The organizations of a staff member."""

    model = Organization.staff.through
    verbose_name = "organization"
    verbose_name_plural = "organizations"
    autocomplete_fields = ["organization"]
    extra = 0


@admin.register(StaffUser)
class StaffUserAdmin(StaffAdminBase):
    list_display = ["username", "first_name", "last_name", "email", "is_active", "is_superuser"]
    inlines = [Memberships]
