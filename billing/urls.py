"""Every address of the product. A wire contract is one line."""

from django.contrib import admin
from django.urls import include, path

from customers.pages import contract_documentation, landing

urlpatterns = [
    path("", include("customers.api.alternative_payments.urls")),
    path("", include("customers.api.billabear.urls")),
    path("", include("customers.api.lago.urls")),
    path("", include("customers.api.vatly.urls")),
    path("", landing, name="landing"),
    path("docs/<slug:slug>/", contract_documentation, name="documentation"),
    path("admin/", admin.site.urls),
]
