"""The addresses of the back office. Most begin with an organization and a mode."""

from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.urls.converters import StringConverter

from customers.backoffice.customer_list import CustomerList
from customers.backoffice.home import Home
from customers.backoffice.scope import anywhere, start


class ModeConverter(StringConverter):
    """`live` or `test`."""

    regex = "live|test"


register_converter(ModeConverter, "mode")

app_name = "backoffice"

pages: list[URLPattern | URLResolver] = [
    path("", Home.as_view(), name="home"),
    path("customers/", CustomerList.as_view(), name="customers"),
]

urlpatterns = [
    path("", start, name="start"),
    path("customers/<uuid:id>/", anywhere, name="anywhere"),
    path("<slug:organization>/<mode:mode>/", include(pages)),
]
