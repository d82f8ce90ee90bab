"""What a body may not set: sent along with what it may, it changes nothing, in no contract."""

from __future__ import annotations

from typing import Any

import pytest

from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from tests import factories
from tests.api.contract_table import CONDITIONAL, ROUTES, WITH_BODY, name_of
from tests.api.harness import Endpoint, Harness, Route, rows_of

FOREIGN_ID = "019470a0-0000-7000-8000-000000000000"

#: Columns and wire names; those that a contract has in its bodies are not planted there.
PLANTED: dict[str, Any] = {
    "id": FOREIGN_ID,
    "pk": FOREIGN_ID,
    "lago_id": FOREIGN_ID,
    "organization": FOREIGN_ID,
    "organization_id": FOREIGN_ID,
    "mode": "test",
    "testmode": True,
    "version": 99,
    "sequential_id": 9_999,
    "slug": "planted",
    "created_at": "2001-01-01T00:00:00Z",
    "updated_at": "2001-01-01T00:00:00Z",
    "archived_at": "2001-01-01T00:00:00Z",
    "metadata": {"planted": "planted"},
    "reference": "planted",
    "processor_reference": "planted",
    "customer_integration_id": "planted",
    "legal_number": "planted",
    "phone": "planted",
    "url": "https://planted.example",
    "logo_url": "https://planted.example",
    "address_line1": "planted",
    "address_line2": "planted",
    "default_payment_method": FOREIGN_ID,
    "default_payment_method_id": FOREIGN_ID,
    "customer": FOREIGN_ID,
    "customer_id": FOREIGN_ID,
    "users": [{"email": "planted@example.org"}],
    "payment_methods": [{"type": "card"}],
    "events": [],
    "_state": {"adding": True},
    "__class__": "planted",
    "email_must_be_free": True,
    "expecting": [99],
    "is_default": True,
    "is_superuser": True,
}
MORE: dict[str, Any] = {
    "external_id": "planted",
    "external_reference": "planted",
    "name": "planted",
    "country": "FR",
    "city": "planted",
    "lago_external_id": "planted",
    "createdAt": "2001-01-01T00:00:00Z",
    "resource": "planted",
    "success": False,
    "links": {"self": {"href": "https://planted.example"}},
}
EVERYTHING = {**PLANTED, **MORE}
OWN = ("id", "created_at", "updated_at", "sequential_id")


def planted_for(harness: Harness, route: Route) -> dict[str, Any]:
    read = {*route.fields, *(route.body or {}), route.named_by} | {"metadata"} & {
        *harness.names.values()
    }
    return {name: EVERYTHING[name] for name in sorted(EVERYTHING.keys() - read)}


def columns(row: Customer | CustomerUser, *changing: str) -> dict[str, Any]:
    """The row in the store, without the columns `changing`."""
    values = type(row)._default_manager.filter(pk=row.pk).values().get()
    return {name: value for name, value in values.items() if name not in changing}


def call(acme: Organization, pair: Endpoint, customer: Customer, values: dict[str, Any]) -> Any:
    harness, route = pair
    path = pair.path_of(pair.prepared(customer))
    answer = getattr(harness.client(acme), route.method.lower())(path, values, format="json")
    assert answer.status_code == route.ok, answer.content
    return answer


CREATES = [pair for pair in WITH_BODY if "{" not in pair.route.path]
UPDATES = [pair for pair in CONDITIONAL if "city" in pair.route.fields]


@pytest.mark.parametrize("pair", CREATES, ids=name_of)
def test_creating_a_customer_sets_what_is_named_only(acme: Organization, pair: Endpoint) -> None:
    harness, route = pair
    theirs, _ = rows_of(acme)
    unread = planted_for(harness, route)
    assert len(unread) > 20

    call(acme, pair, theirs, harness.good(route))
    plain = columns(newest(), *OWN)
    newest().archive()
    for laden in [*({name: value} for name, value in unread.items()), unread]:
        bodies = [harness.good(route, **laden)]
        if harness.root:
            bodies.append({**laden, **harness.good(route)})  # beside the root
        for body in bodies:
            call(acme, pair, theirs, body)
            made = newest()
            assert str(made.pk) != FOREIGN_ID
            assert columns(made, *OWN) == plain, laden.keys()
            assert made.created_at.year > 2001
            assert made.sequential_id < EVERYTHING["sequential_id"]
            made.archive()
    assert not CustomerUser.objects.exclude(customer=theirs).exists()
    assert not PaymentMethod.objects.exclude(customer=theirs).exists()


def newest() -> Customer:
    return Customer.objects.order_by("-pk")[0]


@pytest.mark.parametrize("pair", UPDATES, ids=name_of)
def test_changing_a_customer_changes_what_is_named_only(
    acme: Organization, customer: Customer, pair: Endpoint
) -> None:
    harness, route = pair
    ours = ("city", "version", "updated_at", "search_text")
    before = columns(customer, *ours)
    unread = planted_for(harness, route)
    known = {route.named_by: "ext-1"} if route.named_by else {}
    city = 0

    for laden in [*({name: value} for name, value in unread.items()), unread]:
        city += 1
        call(acme, pair, customer, harness.wrap({**known, **laden, "city": f"Berlin {city}"}))
        assert columns(customer, *ours) == before, laden.keys()
    customer.refresh_from_db()
    assert (customer.city, customer.version) == (f"Berlin {city}", 1 + city)

    call(acme, pair, customer, harness.wrap({**known, **unread}))
    assert columns(customer, *ours) == before
    assert Customer.objects.get().version == 1 + city


def test_creating_a_user_sets_what_is_named_only(acme: Organization, customer: Customer) -> None:
    pair = next(pair for pair in WITH_BODY if pair.route.path.endswith("/users"))
    unread = {name: EVERYTHING[name] for name in EVERYTHING.keys() - {"email"}}

    plain = call(acme, pair, customer, {"first_name": "Ada"}).json()["id"]
    for laden in [*({name: value} for name, value in unread.items()), unread]:
        made = call(acme, pair, customer, {**laden, "first_name": "Ada"}).json()["id"]
        assert columns(CustomerUser.objects.get(pk=made), *OWN) == columns(
            CustomerUser.objects.get(pk=plain), *OWN
        )


@pytest.mark.parametrize("pair", WITH_BODY, ids=name_of)
def test_a_customer_of_others_cannot_be_named_in_a_body(
    acme: Organization, globex: Organization, customer: Customer, pair: Endpoint
) -> None:
    harness, route = pair
    theirs = factories.customer(globex, name="Theirs", external_id="theirs")
    before = columns(theirs)
    names = {
        **dict.fromkeys(("id", "customer", "lago_id", "customer_id"), str(theirs.pk)),
        **dict.fromkeys(("organization", "organization_id"), str(globex.pk)),
    }
    values = {name: value for name, value in names.items() if name not in (route.body or {})}

    call(acme, pair, customer, {**values, **harness.good(route, **values)})

    assert columns(theirs) == before
    assert theirs.users.count() == 0
    assert Customer.objects.filter(organization=globex).count() == 1


@pytest.mark.parametrize(
    "pair", [p for p in ROUTES if p.route.writes and p.route.body is None], ids=name_of
)
def test_a_body_where_none_is_read_changes_nothing_else(
    acme: Organization, customer: Customer, pair: Endpoint
) -> None:
    ours = ("version", "updated_at", "archived_at", "default_payment_method_id")
    pair.prepared(customer)
    methods = PaymentMethod.objects.count()
    before = columns(customer, *ours)

    call(acme, pair, customer, EVERYTHING)

    assert columns(customer, *ours) == before
    assert PaymentMethod.objects.count() <= methods
