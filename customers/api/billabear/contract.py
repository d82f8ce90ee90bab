"""This contract, as the rest of the project sees it."""

from customers.api import billabear
from customers.api.billabear.documentation import OPERATIONS, TAGS
from customers.api.billabear.errors import WIRE_NAMES, render_error
from customers.api.billabear.replay import TRAFFIC
from customers.api.billabear.serializers import CustomerDetailSerializer
from customers.models import Customer
from customers.rest.contract import Contract


def customer_path(customer: Customer) -> str:
    """The path of a customer."""
    return f"/api/v1.0/customer/{customer.pk}"


CONTRACT = Contract(
    slug="billabear",
    title="BillaBear",
    description=billabear.__doc__ or "",
    bases=("/api/v1.0", "/api/v1/customer"),
    urlconf="customers.api.billabear.urls",
    openapi_path="/api/v1.0/openapi.json",
    key_header="X-API-Key: {api_key}",
    list_path="/api/v1.0/customer",
    page_size="per_page",
    list_filters={"country": "country"},
    customer_path=customer_path,
    render_error=render_error,
    serializer=CustomerDetailSerializer,
    wire_names=WIRE_NAMES,
    traffic=TRAFFIC,
    tags=TAGS,
    operations=OPERATIONS,
)
