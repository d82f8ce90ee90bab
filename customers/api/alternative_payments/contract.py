"""This contract, as the rest of the project sees it."""

from customers.api import alternative_payments
from customers.api.alternative_payments.documentation import OPERATIONS, TAGS
from customers.api.alternative_payments.errors import WIRE_NAMES, render_error
from customers.api.alternative_payments.replay import TRAFFIC
from customers.api.alternative_payments.serializers import CustomerSerializer
from customers.models import Customer
from customers.rest.contract import Contract


def customer_path(customer: Customer) -> str:
    """The path of a customer."""
    return f"/customers/{customer.pk}"


CONTRACT = Contract(
    slug="alternative-payments",
    title="Alternative Payments",
    description=alternative_payments.__doc__ or "",
    bases=("/customers", "/oauth"),
    begins_at_root=True,
    urlconf="customers.api.alternative_payments.urls",
    openapi_path="/customers/openapi.json",
    key_header="Authorization: Bearer {api_key}",
    list_path="/customers",
    page_size="limit",
    list_filters={"created_from": "created_at_start", "created_to": "created_at_end"},
    customer_path=customer_path,
    render_error=render_error,
    serializer=CustomerSerializer,
    wire_names=WIRE_NAMES,
    traffic=TRAFFIC,
    tags=TAGS,
    operations=OPERATIONS,
)
