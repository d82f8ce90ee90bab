"""Every address of the product. A wire contract is one line."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from customers.rest.documentation import contract_documentation, landing

urlpatterns = [
    path("", include("customers.api.alternative_payments.urls")),
    path("", include("customers.api.billabear.urls")),
    path("", include("customers.api.lago.urls")),
    path("", include("customers.api.vatly.urls")),
    path("", landing, name="landing"),
    path("docs/<slug:slug>/", contract_documentation, name="documentation"),
    path("backoffice/", include("customers.staff.urls")),
    path("backoffice/", include("customers.backoffice.urls")),
    # The admin's own pages for these would be a second place to sign in.
    path("admin/login/", RedirectView.as_view(pattern_name="staff:login", query_string=True)),
    path("admin/password_change/", RedirectView.as_view(pattern_name="staff:password")),
    path("admin/", admin.site.urls),
]

handler403 = "customers.staff.errors.not_allowed"
handler404 = "customers.staff.errors.not_found"
