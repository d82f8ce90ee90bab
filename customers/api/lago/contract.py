"""This contract, as the rest of the project sees it."""

from urllib.parse import quote

from customers.api import lago
from customers.api.lago.errors import WIRE_NAMES, render_error
from customers.api.lago.serializers import CustomerSerializer
from customers.models import Customer
from customers.rest.contract import Contract


def represent(customer: Customer, _origin: str) -> dict[str, object]:
    """A customer in this contract's shape."""
    return {"customer": dict(CustomerSerializer(customer).data)}


def customer_path(customer: Customer) -> str:
    """The path of a customer."""
    return f"/api/v1/customers/{quote(customer.external_id or str(customer.pk), safe='')}"


CONTRACT = Contract(
    slug="lago",
    title="Lago",
    description=lago.__doc__ or "",
    bases=("/api/v1/customers",),
    urlconf="customers.api.lago.urls",
    openapi_path="/api/v1/openapi.json",
    key_header="Authorization: Bearer {api_key}",
    list_path="/api/v1/customers",
    page_size="per_page",
    list_filters={},
    customer_path=customer_path,
    render_error=render_error,
    represent=represent,
    wire_names=WIRE_NAMES,
)
