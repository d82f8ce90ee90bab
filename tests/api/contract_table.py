"""The contracts, one `Harness` each. Another contract is another entry."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from dataclasses import replace
from typing import Any

from customers.values.cus_ids import decode, encode
from tests.api import error_shapes
from tests.api.harness import Form, Harness, Route
from tests.api.registry_harness import REGISTRY

_NO_METHOD_HAS = "answers 404 only"
_AP = (
    *("city", "country", "ein", "legal_name", "name", "postal_code", "state"),
    *("street_address", "sub_premise"),
)

ALTERNATIVE_PAYMENTS = Harness(
    slug="alternative-payments",
    header="HTTP_AUTHORIZATION",
    prefix="Bearer ",
    routes=(
        Route("GET", "/customers"),
        Route(
            "POST",
            "/customers",
            {"name": "New"},
            201,
            (*_AP, "email", "external_id"),
            other={"name": "Raviga"},
            invalid={"ein": "none"},
            blind=True,
        ),
        Route("GET", "/customers/{id}"),
        Route(
            "PATCH",
            "/customers/{id}",
            {"name": "New"},
            fields=_AP,
            other={"name": "Raviga"},
            invalid={"ein": "none"},
        ),
        Route("DELETE", "/customers/{id}"),
        Route("POST", "/customers/{id}/restore", of_archived=True),
        Route("GET", "/customers/{id}/users"),
        Route(
            "POST",
            "/customers/{id}/users",
            {"first_name": "Ada"},
            201,
            ("email", "first_name", "last_name"),
            other={"first_name": "Grace"},
            invalid={"email": "none"},
        ),
        Route("GET", "/customers/{id}/payment-methods"),
        Route("GET", "/customers/{id}/payment-methods/{method_id}"),
    ),
    open={
        ("POST", "oauth/token"): "the client's own credentials are asked for",
        ("POST", "oauth/revoke"): "the client's own credentials are asked for",
        ("*", "customers/openapi.json"): "documentation",
        ("*", r"^(customers|oauth)(/.*)?$"): _NO_METHOD_HAS,
    },
    is_error=error_shapes.is_of_alternative_payments,
    faults_at="validation_errors",
    unreadable=400,
    invalid=422,
    unknown=(
        *("/customers/", "/customers/{id}/", "/customers/{id}/unknown", "/customers//{id}"),
        *("/customers/a/b/c/d", "/customers/x/%0A/y", "/customers/{id}/users/"),
        *("/customers/{id}/users/{id}", "/customers/{id}/restore/"),
        *("/customers/{id}/payment-methods/", "/customers/{id}/payment-methods/{id}/x"),
        *("/oauth", "/oauth/", "/oauth/token/", "/oauth/authorize", "/oauth/introspect"),
        *("/oauth/applications/", "/oauth/.well-known"),
        *("//customers", "///customers/", "/customers//", "//oauth//token"),
        # The vendor has its other resources at the root.
        *("/invoices", "/invoices/{id}", "/payments", "/webhooks/1/x", "//payouts", "/customersx"),
        *("/Customers", "/oauth2/token", "/api", "/v2/customers", "/backofficex"),
    ),
    beside=("/customersx", "/Customers", "/oauth2/token", "/invoices"),
    names={
        "external_id": "external_id",
        "processor_reference": "customer_integration_id",
        "email": "email",
        "name": "name",
        "legal_name": "legal_name",
        "ein": "ein",
        "address_line1": "street_address",
        "address_line2": "sub_premise",
        "city": "city",
        "state": "state",
        "postal_code": "postal_code",
        "country": "country",
    },
    read_only=frozenset({"processor_reference"}),
    required={},
    countries=("DE", "de", "DEU", "deu", "Germany", "germany"),
    germany="DEU",
    sizes=("limit",),
    cursors=("after", "before"),
    texts=("company_name",),
    cursor_of=lambda place: urlsafe_b64encode(place.bytes).decode().rstrip("="),
    times=("created_at_start", "created_at_end"),
    takes_tokens=True,
    shows_archived=True,
)

_BILLABEAR_BASES = ("/api/v1.0/customer", "/api/v1/customer")
_BILLABEAR_FIELDS = (
    *("email", "country", "reference", "external_reference", "address.company_name"),
    *("address.street_line_one", "address.street_line_two", "address.city", "address.region"),
    "address.postcode",
)


def _of_billabear(base: str) -> tuple[Route, ...]:
    """The routes at one of its bases."""
    create = Route(
        "PUT",
        base,
        {"email": "new@example.org", "country": "DE"},
        201,
        _BILLABEAR_FIELDS,
        other={"email": "grace@example.org"},
        invalid={"email": "none"},
    )
    return (
        Route("GET", base),
        create,
        replace(
            create,
            method="POST",
            body={"email": "new@example.org", "address": {"country": "DE"}},
            fields=(*_BILLABEAR_FIELDS, "address.country"),
        ),
        Route("GET", f"{base}/{{id}}"),
        Route(
            "PUT",
            f"{base}/{{id}}",
            {"reference": "New"},
            202,
            _BILLABEAR_FIELDS,
            other={"reference": "Raviga"},
            invalid={"email": "none"},
        ),
        Route("POST", f"{base}/{{id}}/disable", ok=202),
        Route("POST", f"{base}/{{id}}/enable", ok=202, of_archived=True),
        Route("GET", f"{base}/{{id}}/payment-methods"),
    )


BILLABEAR = Harness(
    slug="billabear",
    header="HTTP_X_API_KEY",
    prefix="",
    routes=tuple(route for base in _BILLABEAR_BASES for route in _of_billabear(base)),
    open={
        ("*", "api/v1.0/openapi.json"): "documentation",
        ("*", r"^api/(v1\.0|v1/+customer)(/.*)?$"): _NO_METHOD_HAS,
    },
    is_error=error_shapes.is_of_billabear,
    faults_at="errors",
    unreadable=400,
    invalid=400,
    unknown=(
        *(
            f"{base}{rest}"
            for base in _BILLABEAR_BASES
            for rest in ("/", "/{id}/", "/{id}/x", "//{id}", "//", "/x/%0A/y", "/a/b/c")
        ),
        *("/api/v1.0", "/api/v1.0/", "/api/v1.0/customers", "/api/v1.0/Customer"),
        *("/api/v1.0/subscription", "//api/v1.0/customer", "/api//v1.0/customer"),
        *("//api/v1/customer", "/api/v1//customer"),
    ),
    beside=("/api/v1x0/customer", "/api/v1.0x", "/api/V1.0/customer"),
    names={
        "processor_reference": "external_reference",
        "reference": "reference",
        "email": "email",
        "country": "country",
        "legal_name": "address.company_name",
        "address_line1": "address.street_line_one",
        "address_line2": "address.street_line_two",
        "city": "address.city",
        "state": "address.region",
        "postal_code": "address.postcode",
    },
    required={"email": "ada@example.org", "country": "FR"},
    countries=("DE",),
    sizes=("per_page", "limit"),
    cursors=("last_key",),
    texts=("email", "country", "reference", "external_reference"),
)

LAGO = Harness(
    slug="lago",
    header="HTTP_AUTHORIZATION",
    prefix="Bearer ",
    routes=(
        Route("GET", "/api/v1/customers"),
        Route(
            "POST",
            "/api/v1/customers",
            {"customer_id": "new-1", "name": "New"},
            fields=(
                *("address_line1", "address_line2", "city", "country", "email", "legal_name"),
                *("legal_number", "logo_url", "name", "phone", "state", "url", "zipcode"),
                *("customer_id", "external_id"),
            ),
            other={"name": "Raviga"},
            invalid={"country": "none"},
            named_by="customer_id",
            metadata=True,
            blind=True,
        ),
        *(
            Route(
                method,
                "/api/v1/customers/{id}",
                pattern=r"^api/v1/customers/(?P<external_id>(?s:.+))\Z",
            )
            for method in ("GET", "DELETE")
        ),
    ),
    open={
        ("*", "api/v1/openapi.json"): "documentation",
        ("*", "^api/v1(/.*)?$"): _NO_METHOD_HAS,
    },
    is_error=error_shapes.is_of_lago,
    faults_at="error_details",
    unreadable=422,
    invalid=422,
    unknown=(
        *("/api/v1/customers/", "/api/v1", "/api/v1/", "/api/v1/customersx", "/api/v1/Customers"),
        *("/api/v1/subscriptions", "/api/v1/invoices/{id}", "/api/v1/x/%0A/y", "/api/v1//"),
        *("//api/v1/customers", "/api//v1/customers", "/api/v1//customers", "/api/v1/v1.0"),
    ),
    beside=("/api/v1x/customers", "/api/V1/customers", "/api/v2/customers"),
    names={
        "external_id": "customer_id",
        "email": "email",
        "name": "name",
        "legal_name": "legal_name",
        "legal_number": "legal_number",
        "address_line1": "address_line1",
        "address_line2": "address_line2",
        "city": "city",
        "state": "state",
        "postal_code": "zipcode",
        "country": "country",
        "phone": "phone",
        "url": "url",
        "logo_url": "logo_url",
        "processor_reference": "billing_configuration",
        "metadata": "metadata",
    },
    forms={
        "processor_reference": Form(
            lambda text: {"provider_customer_id": text}, lambda shown: shown["provider_customer_id"]
        ),
        "metadata": Form(
            lambda values: [{"key": key, "value": text} for key, text in values.items()],
            lambda shown: {pair["key"]: pair["value"] for pair in shown},
        ),
    },
    required={"external_id": "ext-1"},
    countries=("DE", "de"),
    sizes=("per_page", "page"),
    texts=("search_term", "external_id"),
    rows="customers",
    root="customer",
    hosts=frozenset({"hooli.com"}),
    id_at="lago_id",
    id_of=lambda customer: customer.external_id or str(customer.pk),
)

VATLY = Harness(
    slug="vatly",
    header="HTTP_AUTHORIZATION",
    prefix="Bearer ",
    routes=(
        Route("GET", "/v1/customers"),
        Route(
            "POST",
            "/v1/customers",
            {"email": "new@example.org"},
            201,
            ("email",),
            other={"email": "grace@example.org"},
            invalid={"email": "none"},
            metadata=True,
        ),
        Route("GET", "/v1/customers/{id}"),
        Route("GET", "/v1/customers/{id}/subscriptions"),
    ),
    open={
        ("*", "v1/openapi.json"): "documentation",
        ("*", "^v1(/.*)?$"): _NO_METHOD_HAS,
    },
    is_error=error_shapes.is_of_vatly,
    faults_at="errors",
    unreadable=422,
    invalid=422,
    unknown=(
        *(
            f"/v1/customers{rest}"
            for rest in ("/", "/{id}/", "/{id}/x", "//{id}", "//", "/x/%0A/y", "/a/b/c")
        ),
        *("/v1", "/v1/", "/v1/customersx", "/v1/customer", "/v1/Customers", "/v1/subscriptions"),
        *("/v1/api/v1/customers", "//v1/customers", "/v1//customers"),
    ),
    beside=("/v1x", "/V1/customers", "/v2/customers"),
    names={"email": "email", "metadata": "metadata"},
    required={"email": "ada@example.org"},
    sizes=("limit",),
    cursors=("startingAfter", "endingBefore"),
    hosts=frozenset({"registry.example"}),
    id_of=lambda customer: encode(customer.pk),
    uuid_of=lambda shown: str(decode(shown)),
    cursor_of=encode,
)

TABLE = (ALTERNATIVE_PAYMENTS, BILLABEAR, LAGO, REGISTRY, VATLY)

# --- For parametrizing ---------------------------------------------------------------------------

ROUTES = [endpoint for harness in TABLE for endpoint in harness.endpoints]
LISTS = [endpoint for endpoint in ROUTES if endpoint.is_list]
OF_ONE = [endpoint for endpoint in ROUTES if endpoint.route.of_one]
WRITES = [endpoint for endpoint in ROUTES if endpoint.route.writes]
#: Those that read a body.
WITH_BODY = [endpoint for endpoint in ROUTES if endpoint.route.body is not None]
CONDITIONAL = [endpoint for endpoint in WRITES if endpoint.route.conditional]
#: One for each contract.
CREATES = [harness.create for harness in TABLE]
READS = [harness.one for harness in TABLE]


def name_of(value: Any) -> str:
    """The id of a parameter that is of this table."""
    return " ".join(map(str, value)) if isinstance(value, tuple) else str(value)
