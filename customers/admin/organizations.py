"""Organizations, their members, and staff accounts."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from customers.admin.base import ChangedBySuperusers, ForSuperusers, ModelAdmin, staff
from customers.admin.forms import OrganizationForm
from customers.models import Membership, Organization
from customers.staff.models import GroupMembership, StaffUser
from customers.staff.second_factor import remove

if TYPE_CHECKING:
    StaffAdminBase = UserAdmin[StaffUser]
    MembershipBase = admin.TabularInline[Membership, Any]
    GroupMembershipBase = admin.TabularInline[GroupMembership, Any]
else:
    StaffAdminBase = UserAdmin
    MembershipBase = GroupMembershipBase = admin.TabularInline


class Members(ChangedBySuperusers, MembershipBase):
    """The members of an organization."""

    model = Membership
    autocomplete_fields = ["staff_user"]
    extra = 0


@admin.register(Organization)
class OrganizationAdmin(ChangedBySuperusers, ModelAdmin):
    form = OrganizationForm
    inlines = [Members]
    list_display = ["name", "slug", "created_at"]
    search_fields = ["name", "slug"]
    readonly_fields = ["id", "version", "created_at", "updated_at"]
    fieldsets = [
        (None, {"fields": ["name", "slug"]}),
        (_("Record"), {"fields": ["id", "version", "created_at", "updated_at", "seen_version"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organization]:
        return Organization.objects.visible_to_staff(staff(request))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:  # noqa: FBT001
        if not change:
            super().save_model(request, obj, form, change)
        elif form.has_changed():
            obj.revise(form.changes, expecting=form.expecting)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # customers, credentials and history refer to it


class Memberships(ChangedBySuperusers, MembershipBase):
    """The organizations of a staff member."""

    model = Membership
    verbose_name = _("organization")
    verbose_name_plural = _("organizations")
    autocomplete_fields = ["organization"]
    extra = 0


class GroupMemberships(ChangedBySuperusers, GroupMembershipBase):
    """The groups of a staff member."""

    model = GroupMembership
    verbose_name = _("group")
    verbose_name_plural = _("groups")
    extra = 0


@admin.register(StaffUser)
class StaffUserAdmin(ForSuperusers, StaffAdminBase):
    list_display = ["username", "first_name", "last_name", "email", "is_active", "is_superuser"]
    inlines = [GroupMemberships, Memberships]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Personal info"), {"fields": ["first_name", "last_name", "email"]}),
        (
            _("Permissions"),
            {"fields": ["is_active", "is_staff", "is_superuser", "user_permissions"]},
        ),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    filter_horizontal = ["user_permissions"]
    actions = ["remove_second_factor"]

    @admin.action(
        description=_("Remove the second factor of the selected staff users"),
        permissions=["change"],
    )
    def remove_second_factor(self, request: HttpRequest, queryset: QuerySet[StaffUser]) -> None:
        """For people who lost both their authenticator app and their recovery codes."""
        for user in queryset:
            remove(user)
        message = ngettext(
            "Removed the second factor of %(count)d staff user.",
            "Removed the second factor of %(count)d staff users.",
            len(queryset),
        )
        self.message_user(request, message % {"count": len(queryset)})
