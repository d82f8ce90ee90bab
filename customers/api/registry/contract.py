"""This contract, as the rest of the project sees it."""

from customers.api import registry
from customers.api.registry.documentation import OPERATIONS, TAGS
from customers.api.registry.errors import MEDIA_TYPE, render_error
from customers.api.registry.replay import TRAFFIC
from customers.api.registry.serializers import CustomerSerializer, CustomerWrite
from customers.models import Customer
from customers.rest.contract import Contract
from customers.rest.fields import wire_names

BASE = "/registry/v1"
BATCH_BYTES = 2 * 1024 * 1024  # of a batch: what Django itself reads of a body is not much more


def customer_path(customer: Customer) -> str:
    """The path of a customer."""
    return f"{BASE}/customers/{customer.pk}"


CONTRACT = Contract(
    slug="registry",
    title="Registry",
    description=registry.__doc__ or "",
    bases=(BASE,),
    urlconf="customers.api.registry.urls",
    openapi_path=f"{BASE}/openapi.json",
    key_header="Authorization: Bearer {api_key}",
    list_path=f"{BASE}/customers",
    page_size="limit",
    list_filters={
        "country": "country",
        "created_from": "created_from",
        "created_to": "created_to",
    },
    customer_path=customer_path,
    render_error=render_error,
    error_type=MEDIA_TYPE,
    largest_body=BATCH_BYTES,
    serializer=CustomerSerializer,
    wire_names=wire_names(CustomerWrite, CustomerSerializer),
    traffic=TRAFFIC,
    tags=TAGS,
    operations=OPERATIONS,
)
