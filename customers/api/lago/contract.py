"""What this contract says of itself."""

from customers.api import lago
from customers.api.lago.errors import render_error
from customers.api.lago.serializers import CustomerSerializer
from customers.models import Customer
from customers.rest.contract import Contract


def represent(customer: Customer, _origin: str) -> dict[str, object]:
    """A customer as this contract shows one."""
    return {"customer": dict(CustomerSerializer(customer).data)}


CONTRACT = Contract(
    slug="lago",
    title="Lago",
    description=lago.__doc__ or "",
    bases=("/api/v1/customers",),
    urlconf="customers.api.lago.urls",
    openapi_path="/api/v1/openapi.json",
    example='curl -H "Authorization: Bearer {api_key}" "{host}/api/v1/customers?per_page=2"',
    render_error=render_error,
    represent=represent,
    expresses=Customer.WRITABLE - {"reference", "processor_reference", "ein", "metadata"},
)
