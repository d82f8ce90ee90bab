"""This contract, as the rest of the project sees it."""

from customers.api import vatly
from customers.api.vatly.documentation import OPERATIONS, TAGS
from customers.api.vatly.errors import render_error
from customers.api.vatly.replay import TRAFFIC
from customers.api.vatly.serializers import CustomerCreate, CustomerSerializer
from customers.models import Customer
from customers.rest.contract import Contract
from customers.rest.fields import wire_names
from customers.values import cus_ids


def customer_path(customer: Customer) -> str:
    """The path of a customer."""
    return f"/v1/customers/{cus_ids.encode(customer.pk)}"


CONTRACT = Contract(
    slug="vatly",
    title="Vatly",
    description=vatly.__doc__ or "",
    bases=("/v1",),
    urlconf="customers.api.vatly.urls",
    openapi_path="/v1/openapi.json",
    key_header="Authorization: Bearer {api_key}",
    list_path="/v1/customers",
    page_size="limit",
    list_filters={},
    customer_path=customer_path,
    render_error=render_error,
    serializer=CustomerSerializer,
    wire_names=wire_names(CustomerCreate, CustomerSerializer),
    traffic=TRAFFIC,
    tags=TAGS,
    operations=OPERATIONS,
)
