"""What this contract says of itself."""

from customers.api import vatly
from customers.api.vatly.errors import render_error
from customers.api.vatly.serializers import CustomerSerializer
from customers.models import Customer
from customers.rest.contract import Contract


def represent(customer: Customer, origin: str) -> dict[str, object]:
    """A customer as this contract shows one."""
    return dict(CustomerSerializer(customer, context={"origin": origin}).data)


CONTRACT = Contract(
    slug="vatly",
    title="Vatly",
    description=vatly.__doc__ or "",
    bases=("/v1/customers",),
    urlconf="customers.api.vatly.urls",
    openapi_path="/v1/openapi.json",
    example='curl -H "Authorization: Bearer {api_key}" "{host}/v1/customers?limit=2"',
    render_error=render_error,
    represent=represent,
    expresses=frozenset({"email", "metadata"}),
)
