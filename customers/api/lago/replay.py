"""How recorded traffic of this vendor is replayed, and which differences are meant."""

import re

from customers.api.lago.serializers import CustomerWrite
from customers.rest.traffic import Exchange, Explained, Kind, Resource, Traffic, accepted_by

_CUSTOMER = ("/customer", "/customers/*")

# What today's vendor has of a customer, and this store has not.
_NOT_STORED = (
    *("account_type", "applicable_invoice_custom_sections", "billing_entity_code", "currency"),
    *("customer_type", "error_details", "finalize_zero_amount_invoice", "firstname"),
    *("integration_customers", "lastname", "net_payment_term", "shipping_address"),
    *("skip_invoice_custom_sections", "tax_identification_number", "taxes", "timezone"),
    *("vat_rate", "billing_entity_id", "external_salesforce_id"),
)
_NOT_CONFIGURED = (
    *("document_locale", "invoice_grace_period", "payment_provider", "payment_provider_code"),
    *("provider_payment_methods", "subscription_invoice_issuing_date_adjustment"),
    *("subscription_invoice_issuing_date_anchor", "sync", "sync_with_provider", "vat_rate"),
)
_OF_TODAY = (
    *("applicable_timezone", "billing_configuration", "customer_id", "external_id", "metadata"),
    *("sequential_id", "slug", "updated_at"),
)


def _members(*names: str) -> tuple[str, ...]:
    """Pointers to members of a customer, alone or in a list."""
    return tuple(f"{customer}/{name}" for customer in _CUSTOMER for name in names)


def _is_about_the_name(exchange: Exchange) -> bool:
    """Whether the vendor refused nothing but the name."""
    details = exchange.shown.get("error_details") if isinstance(exchange.shown, dict) else None
    return isinstance(details, dict) and details.keys() == {"name"}


EXPLAINED = (
    Explained(
        "One field has the names of two eras, `customer_id` and `external_id`, and what today's "
        "clients cannot do without is in every response.",
        (Kind.ADDED,),
        _members(*_OF_TODAY, "billing_configuration/provider_customer_id"),
    ),
    Explained(
        "The store keeps customers, and not what subscriptions, invoices and taxes need of them.",
        (Kind.MISSING,),
        _members(*_NOT_STORED, *(f"billing_configuration/{name}" for name in _NOT_CONFIGURED)),
    ),
    Explained(
        "Of `billing_configuration` only `provider_customer_id` is stored.",
        (Kind.TYPE,),
        _members("billing_configuration"),
        values=lambda was, _: was is None,
    ),
    Explained(
        "Metadata is stored as keys and values: its entries have no id and no time, and "
        "`display_in_invoice` is false.",
        (Kind.MISSING, Kind.VALUE),
        _members("metadata/*/lago_id", "metadata/*/created_at", "metadata/*/display_in_invoice"),
        values=lambda _, now: now in (None, False),
    ),
    Explained(
        "Times are in UTC: `applicable_timezone` is always that.",
        (Kind.VALUE,),
        _members("applicable_timezone"),
        values=lambda _, now: now == "UTC",
    ),
    Explained(
        "422 has the `message` of the documentation, where today's published schema has a `code`.",
        (Kind.ADDED, Kind.MISSING, Kind.VALUE),
        ("/message", "/code"),
        when=lambda exchange: exchange.status == 422,
    ),
    Explained(
        "A name is not required: the vendor never enforced it.",
        (Kind.STATUS,),
        at="POST /api/v1/customers",
        values=lambda was, now: (was, now) == (422, 200),
        when=_is_about_the_name,
    ),
    Explained(
        "Of the vendor's API only customers are served. Other paths are 404 with "
        "`resource_not_found`, also those below a customer.",
        (Kind.STATUS,),
        at=r"\w+ /api/v1/(?!customers(/|$)).*|\w+ /api/v1/customers/[^/]+/.+",
        values=lambda _, now: now in (404, 405),
    ),
)

TRAFFIC = Traffic(
    resources=(
        Resource(
            "customer",
            re.compile(r"/api/v1/customers(/(?P<id>[^/]+))?"),
            accepted_by(CustomerWrite),
            id="lago_id",
        ),
    ),
    ids=frozenset({"lago_id"}),
    known_by=frozenset({"customer_id", "external_id"}),
    counters=frozenset({"sequential_id", "slug"}),
    plain=frozenset(
        {
            *("applicable_timezone", "code", "display_in_invoice", "error", "error_details"),
            *("current_page", "next_page", "prev_page", "status", "total_count", "total_pages"),
        }
    ),
    words=frozenset(
        {"subscriptions", "invoices", "plans", "events", "portal_url", "current_usage", "wallets"}
    ),
    explained=EXPLAINED,
)
