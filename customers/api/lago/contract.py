"""This contract, as the rest of the project sees it."""

from typing import Any
from urllib.parse import quote

from customers.api import lago
from customers.api.lago.documentation import OPERATIONS, TAGS
from customers.api.lago.errors import WIRE_NAMES, render_error
from customers.api.lago.replay import TRAFFIC
from customers.api.lago.serializers import CustomerSerializer
from customers.models import Customer
from customers.rest.contract import Contract


def envelope(members: dict[str, Any]) -> dict[str, Any]:
    """The object that a customer is returned in."""
    return {"customer": members}


def customer_path(customer: Customer) -> str:
    """The path of a customer."""
    return f"/api/v1/customers/{quote(customer.external_id or str(customer.pk), safe='')}"


CONTRACT = Contract(
    slug="lago",
    title="Lago",
    description=lago.__doc__ or "",
    bases=("/api/v1",),
    urlconf="customers.api.lago.urls",
    openapi_path="/api/v1/openapi.json",
    key_header="Authorization: Bearer {api_key}",
    list_path="/api/v1/customers",
    page_size="per_page",
    list_filters={"country": "countries[]"},
    customer_path=customer_path,
    render_error=render_error,
    serializer=CustomerSerializer,
    envelope=envelope,
    wire_names=WIRE_NAMES,
    traffic=TRAFFIC,
    tags=TAGS,
    operations=OPERATIONS,
)
