"""What a body may not set: sent along with what it may, it changes nothing, in no contract."""

from __future__ import annotations

from typing import Any

import pytest

from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from tests import factories
from tests.api.contract_table import ROUTES, TABLE, WRITES, Route, Spoken, name_of, rows_of

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
#: Of each contract: what stands in its bodies by these names.
READ = {
    "alternative-payments": {"name", "external_id", "country", "city"},
    "billabear": {"reference", "external_reference"},
    "lago": {
        *("customer_id", "external_id", "legal_number", "phone", "url", "logo_url"),
        *("address_line1", "address_line2", "country", "city", "name"),
    },
    "vatly": {"metadata"},
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
OWN = ("id", "created_at", "updated_at")


def planted_for(spoken: Spoken, route: Route) -> dict[str, Any]:
    unread = EVERYTHING.keys() - (READ[spoken.slug] | set(route.fields) | (route.body or {}).keys())
    if spoken.slug == "billabear":
        unread -= {"country"}
    return {name: EVERYTHING[name] for name in sorted(unread)}


def columns(row: Customer | CustomerUser, *changing: str) -> dict[str, Any]:
    """The row in the store, without the columns `changing`."""
    values = type(row)._default_manager.filter(pk=row.pk).values().get()
    return {name: value for name, value in values.items() if name not in changing}


def call(acme: Organization, pair: Any, customer: Customer, values: dict[str, Any]) -> Any:
    spoken, route = pair
    path = route.path.format(id=spoken.id_of(customer))
    answer = getattr(spoken.client(acme), route.method.lower())(path, values, format="json")
    assert answer.status_code == route.ok, answer.content
    return answer


CREATES = [pair for pair in WRITES if not pair[1].of_one]
UPDATES = [pair for pair in WRITES if pair[1].method == "PATCH" or pair[0].slug == "lago"]


@pytest.mark.parametrize("pair", CREATES, ids=name_of)
def test_creating_a_customer_sets_what_is_named_only(acme: Organization, pair: Any) -> None:
    spoken, route = pair
    theirs, _ = rows_of(acme)
    unread = planted_for(spoken, route)
    assert len(unread) > 20

    call(acme, pair, theirs, spoken.good(route))
    plain = columns(newest(), *OWN)
    newest().archive()
    for laden in [*({name: value} for name, value in unread.items()), unread]:
        bodies = [spoken.good(route, **laden)]
        if spoken.root:
            bodies.append({**laden, **spoken.good(route)})  # beside the root
        for body in bodies:
            call(acme, pair, theirs, body)
            made = newest()
            assert str(made.pk) != FOREIGN_ID
            assert columns(made, *OWN) == plain, laden.keys()
            assert made.created_at.year > 2001
            made.archive()
    assert not CustomerUser.objects.exclude(customer=theirs).exists()
    assert not PaymentMethod.objects.exclude(customer=theirs).exists()


def newest() -> Customer:
    return Customer.objects.order_by("-pk")[0]


@pytest.mark.parametrize("pair", UPDATES, ids=name_of)
def test_changing_a_customer_changes_what_is_named_only(
    acme: Organization, customer: Customer, pair: Any
) -> None:
    spoken, route = pair
    ours = ("city", "version", "updated_at")
    before = columns(customer, *ours)
    unread = planted_for(spoken, route)
    known = {"customer_id": "ext-1"} if spoken.slug == "lago" else {}
    city = 0

    for laden in [*({name: value} for name, value in unread.items()), unread]:
        city += 1
        call(acme, pair, customer, spoken.wrap({**known, **laden, "city": f"Berlin {city}"}))
        assert columns(customer, *ours) == before, laden.keys()
    customer.refresh_from_db()
    assert (customer.city, customer.version) == (f"Berlin {city}", 1 + city)

    call(acme, pair, customer, spoken.wrap({**known, **unread}))
    assert columns(customer, *ours) == before
    assert Customer.objects.get().version == 1 + city


def test_creating_a_user_sets_what_is_named_only(acme: Organization, customer: Customer) -> None:
    pair = next(pair for pair in WRITES if pair[1].path.endswith("/users"))
    unread = {name: EVERYTHING[name] for name in EVERYTHING.keys() - {"email"}}

    plain = call(acme, pair, customer, {"first_name": "Ada"}).json()["id"]
    for laden in [*({name: value} for name, value in unread.items()), unread]:
        made = call(acme, pair, customer, {**laden, "first_name": "Ada"}).json()["id"]
        assert columns(CustomerUser.objects.get(pk=made), *OWN) == columns(
            CustomerUser.objects.get(pk=plain), *OWN
        )


@pytest.mark.parametrize("pair", WRITES, ids=name_of)
def test_a_customer_of_others_cannot_be_named_in_a_body(
    acme: Organization, globex: Organization, customer: Customer, pair: Any
) -> None:
    spoken, route = pair
    theirs = factories.customer(globex, name="Theirs", external_id="theirs")
    before = columns(theirs)
    names = {
        **dict.fromkeys(("id", "customer", "lago_id", "customer_id"), str(theirs.pk)),
        **dict.fromkeys(("organization", "organization_id"), str(globex.pk)),
    }
    values = {name: value for name, value in names.items() if name not in (route.body or {})}

    call(acme, pair, customer, {**values, **spoken.good(route, **values)})

    assert columns(theirs) == before
    assert theirs.users.count() == 0
    assert Customer.objects.filter(organization=globex).count() == 1


@pytest.mark.parametrize(
    "pair", [p for p in ROUTES if p[1].writes and p[1].body is None], ids=name_of
)
def test_a_body_where_none_is_read_changes_nothing_else(
    acme: Organization, customer: Customer, pair: Any
) -> None:
    ours = ("version", "updated_at", "archived_at")
    before = columns(customer, *ours)

    call(acme, pair, customer, EVERYTHING)

    assert columns(customer, *ours) == before
    assert not PaymentMethod.objects.exists()


def test_every_contract_is_here() -> None:
    assert READ.keys() == {spoken.slug for spoken in TABLE}
