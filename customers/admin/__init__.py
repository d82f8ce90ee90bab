"""The Django admin: all data of the organizations that a staff member belongs to."""

from django.contrib import admin
from oauth2_provider.models import (
    get_access_token_model,
    get_grant_model,
    get_id_token_model,
    get_refresh_token_model,
)
from procrastinate.contrib.django.models import ProcrastinateJob

from customers.admin import credentials, customers, history, organizations, requests, sign_ins

__all__ = ["credentials", "customers", "history", "organizations", "requests", "sign_ins"]

admin.site.site_title = "Customer registry"
admin.site.site_header = "Customer registry"
admin.site.index_title = "Administration"
admin.site.empty_value_display = "—"
admin.site.enable_nav_sidebar = False  # the lists need the width

# Internals of django-oauth-toolkit, most of them for grants that are not supported.
admin.site.unregister(
    [
        get_access_token_model(),
        get_grant_model(),
        get_id_token_model(),
        get_refresh_token_model(),
    ]
)
# The tickets of webhooks come and go by the second.
admin.site.unregister(ProcrastinateJob)
