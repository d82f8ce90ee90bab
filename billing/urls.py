"""The project's URLs. A wire contract is one line."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from customers.rest.contract import serve
from customers.rest.documentation import contract_documentation, landing, site

urlpatterns = [
    serve("customers.api.alternative_payments"),
    serve("customers.api.billabear"),
    serve("customers.api.lago"),
    serve("customers.api.registry"),
    serve("customers.api.vatly"),
    path("", landing, name="landing"),
    path("docs/<slug:slug>/", contract_documentation, name="documentation"),
    path("docs/", site, {"path": "index.html"}, name="site"),
    path("docs/<path:path>", site),
    path("backoffice/", include("customers.staff.urls")),
    path("backoffice/", include("customers.backoffice.urls")),
    # The admin's own pages for these would be a second place to sign in.
    path("admin/login/", RedirectView.as_view(pattern_name="staff:login", query_string=True)),
    path("admin/password_change/", RedirectView.as_view(pattern_name="staff:password")),
    path("admin/", admin.site.urls),
]

handler403 = "customers.staff.errors.not_allowed"
handler404 = "customers.staff.errors.not_found"
