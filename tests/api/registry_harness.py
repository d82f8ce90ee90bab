"""The harness of the registry's own API, which has many routes."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from customers.models import Customer
from customers.values.cus_ids import encode
from tests.api import error_shapes
from tests.api.harness import JSON, Harness, Route

_REGISTRY = (
    *("processor_reference", "reference", "email", "name", "legal_name", "legal_number", "ein"),
    *("address_line1", "address_line2", "city", "state", "postal_code", "country", "phone"),
    *("url", "logo_url"),
)
_METHOD = ("brand", "bank_name", "processor", "processor_token")
_IN_REGISTRY = "/registry/v1/customers"
_PATCH = (JSON, "application/merge-patch+json")
_BY_EXTERNAL_ID = r"^registry/v1/customers/external/(?P<external_id>(?s:.+))\Z"

# They are about no customer: tests/api/registry/test_webhooks.py has a matrix of its own.
_HOOK = "registry/v1/webhook_endpoints/<str:id>"
_DELIVERIES = f"{_HOOK}/deliveries"
_WEBHOOKS = dict.fromkeys(
    [
        *((method, "registry/v1/webhook_endpoints") for method in ("GET", "POST")),
        *((method, _HOOK) for method in ("GET", "PATCH", "DELETE")),
        ("GET", f"{_HOOK}/secret"),
        *(("POST", f"{_HOOK}/{verb}") for verb in ("rotate_secret", "test", "redeliver")),
        *(("GET", path) for path in (_DELIVERIES, f"{_DELIVERIES}/<str:delivery_id>")),
        ("POST", f"{_DELIVERIES}/<str:delivery_id>/redeliver"),
    ],
    "about no customer",
)

REGISTRY = Harness(
    slug="registry",
    header="HTTP_AUTHORIZATION",
    prefix="Bearer ",
    routes=(
        Route("GET", _IN_REGISTRY),
        Route(
            "POST",
            _IN_REGISTRY,
            {"name": "New"},
            201,
            ("external_id", *_REGISTRY),
            other={"name": "Raviga"},
            invalid={"ein": "none"},
            metadata=True,
            blind=True,
        ),
        Route(
            "POST",
            f"{_IN_REGISTRY}/batch",
            {"customers": [{"external_id": "new-1", "name": "New"}]},
            other={"customers": [{"external_id": "new-2", "name": "Raviga"}]},
            invalid={"customers": []},
            in_parts=True,
            largest=2 * 1024 * 1024,
        ),
        Route(
            "GET",
            f"{_IN_REGISTRY}/external/{{external_id}}",
            pattern=_BY_EXTERNAL_ID,
        ),
        Route(
            "PUT",
            f"{_IN_REGISTRY}/external/{{external_id}}",
            {"name": "New"},
            fields=_REGISTRY,
            other={"name": "Raviga"},
            invalid={"ein": "none"},
            metadata=True,
            named_by="external_id",
            pattern=_BY_EXTERNAL_ID,
            blind=True,
        ),
        Route("GET", f"{_IN_REGISTRY}/{{id}}"),
        Route(
            "PATCH",
            f"{_IN_REGISTRY}/{{id}}",
            {"name": "New"},
            fields=("external_id", *_REGISTRY),
            other={"name": "Raviga"},
            invalid={"ein": "none"},
            metadata=True,
            media_types=_PATCH,
        ),
        Route(
            "POST",
            f"{_IN_REGISTRY}/{{id}}/archive",
            {"reason": "They asked for it"},
            other={"reason": "They do not pay"},
            invalid={"reason": 5},
        ),
        Route(
            "POST",
            f"{_IN_REGISTRY}/{{id}}/restore",
            {"reason": "They are back"},
            other={"reason": "It was a mistake"},
            invalid={"reason": 5},
            of_archived=True,
        ),
        Route("GET", f"{_IN_REGISTRY}/{{id}}/history"),
        Route("GET", f"{_IN_REGISTRY}/{{id}}/blame", is_whole=True),
        Route("GET", f"{_IN_REGISTRY}/{{id}}/users"),
        Route(
            "POST",
            f"{_IN_REGISTRY}/{{id}}/users",
            {"first_name": "Ada"},
            201,
            ("email", "first_name", "last_name"),
            other={"first_name": "Grace"},
            invalid={"email": "none"},
        ),
        Route("GET", f"{_IN_REGISTRY}/{{id}}/users/{{user_id}}"),
        Route(
            "PATCH",
            f"{_IN_REGISTRY}/{{id}}/users/{{user_id}}",
            {"first_name": "Joan"},
            fields=("email", "first_name", "last_name"),
            other={"first_name": "Grace"},
            invalid={"email": "none"},
            media_types=_PATCH,
            about="user",
        ),
        Route("DELETE", f"{_IN_REGISTRY}/{{id}}/users/{{user_id}}", about="user"),
        Route("GET", f"{_IN_REGISTRY}/{{id}}/payment_methods"),
        Route(
            "POST",
            f"{_IN_REGISTRY}/{{id}}/payment_methods",
            {"type": "card", "last4": "1881"},
            201,
            _METHOD,
            other={"last4": "0005"},
            invalid={"type": "cash"},
        ),
        Route("GET", f"{_IN_REGISTRY}/{{id}}/payment_methods/{{method_id}}"),
        Route(
            "PATCH",
            f"{_IN_REGISTRY}/{{id}}/payment_methods/{{method_id}}",
            {"last4": "1881"},
            fields=_METHOD,
            other={"last4": "0005"},
            invalid={"type": "cash"},
            media_types=_PATCH,
            about="method",
        ),
        Route("POST", f"{_IN_REGISTRY}/{{id}}/payment_methods/{{method_id}}/make_default"),
        Route("DELETE", f"{_IN_REGISTRY}/{{id}}/payment_methods/{{method_id}}", about="method"),
    ),
    open={
        # tests/api/registry/test_events.py has what these must refuse.
        ("GET", "registry/v1/events"): "about no customer",
        ("GET", "registry/v1/events/<str:event_id>"): "about no customer",
        **_WEBHOOKS,
        ("*", "registry/v1/openapi.json"): "documentation",
        ("*", "^registry/v1(/.*)?$"): "answers 404 only",
    },
    is_error=error_shapes.is_of_the_registry,
    faults_at="errors",
    unreadable=400,
    invalid=422,
    unknown=(
        *(
            f"{_IN_REGISTRY}{rest}"
            for rest in ("/", "/{id}/", "/{id}/x", "//{id}", "//", "/x/%0A/y", "/a/b/c")
        ),
        *(f"{_IN_REGISTRY}/{{id}}/users/", f"{_IN_REGISTRY}/{{id}}/payment-methods"),
        *("/registry/v1", "/registry/v1/", "/registry/v1/customersx", "/registry/v1/event"),
        *("//registry/v1/customers", "/registry//v1/customers", "/registry/v1//customers"),
    ),
    beside=("/registry", "/registry/v1x", "/registry/v2/customers", "/Registry/v1/customers"),
    names={field: field for field in sorted(Customer.WRITABLE)},
    required={},
    countries=("DE",),
    sizes=("limit",),
    cursors=("cursor",),
    texts=("email", "country", "external_id", "reference"),
    hosts=frozenset({"billing.example", "registry.example", "www.standardwebhooks.com"}),
    cursor_of=lambda place: urlsafe_b64encode(b"\xe0" + place.bytes).decode().rstrip("="),
    times=("created_from", "created_to", "updated_from", "updated_to", "as_of"),
    spellings=lambda customer: {str(customer.pk), encode(customer.pk)},
    takes_tokens=True,
    shows_archived=True,
    dry_runs=True,
)
