"""What this contract says of itself."""

from customers.api import billabear
from customers.api.billabear.errors import render_error
from customers.api.billabear.serializers import CustomerSerializer
from customers.models import Customer
from customers.rest.contract import Contract


def represent(customer: Customer, _origin: str) -> dict[str, object]:
    """A customer as this contract shows one."""
    return dict(CustomerSerializer(customer).data)


CONTRACT = Contract(
    slug="billabear",
    title="BillaBear",
    description=billabear.__doc__ or "",
    bases=("/api/v1.0/customer",),
    urlconf="customers.api.billabear.urls",
    openapi_path="/api/v1.0/openapi.json",
    example=('curl -H "X-API-Key: {api_key}" "{host}/api/v1.0/customer?per_page=2"'),
    render_error=render_error,
    represent=represent,
    expresses=frozenset({"reference", "processor_reference", "email", "country"}),
)
