"""Groups and sign-ins, for superusers only."""

from __future__ import annotations

from typing import Any

from axes.admin import AccessAttemptAdmin, AccessLogAdmin
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from customers.admin.base import ForSuperusers

admin.site.unregister([Group, AccessAttempt, AccessLog])
apps.get_app_config("axes").verbose_name = _("Signing in")
# Nothing records these: the attempts are enough.
admin.site.unregister(AccessFailureLog)
# Their pages show secrets. The list of staff users has an action that removes a second factor.
admin.site.unregister([StaticDevice, TOTPDevice])


@admin.register(Group)
class Groups(ForSuperusers, GroupAdmin):
    """Groups of staff users: their permissions in the admin and in the back office."""


@admin.register(AccessAttempt)
class FailedSignIns(ForSuperusers, AccessAttemptAdmin):
    """Failed sign-ins of the last fifteen minutes. Deleting one ends its lockout."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start", "status")
    list_filter = ()
    fieldsets = None
    fields = (*list_display, "user_agent", "path_info")
    readonly_fields = fields
    search_fields = ["username", "ip_address"]
    actions = ()

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=_("status"))
    def status(self, attempt: AccessAttempt) -> Any:
        return super().status(attempt)


@admin.register(AccessLog)
class SignIns(ForSuperusers, AccessLogAdmin):
    """Successful sign-ins: who, when and from which address."""

    list_filter = ()
    date_hierarchy = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
