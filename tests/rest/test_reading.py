"""Reading straight in the wire's shape: the serializer says the same of every value."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.db.models import Model, QuerySet
from rest_framework.renderers import JSONRenderer as RestFrameworkRenderer
from rest_framework.serializers import Serializer

from customers.api.alternative_payments.serializers import PaymentMethodSerializer, UserSerializer
from customers.api.alternative_payments.views import users
from customers.models import Customer, Organization
from customers.models.credential import Tenant
from customers.models.keyset import Place
from customers.rest.contract import contracts
from customers.rest.reading import read_one, read_page, wire_of
from customers.rest.renderers import dump_json
from customers.rest.sources import customer as one_customer
from customers.rest.sources import payment_methods
from customers.values.text import has_unseen
from tests import factories

ORIGIN = "https://registry.example"
CUSTOMERS = [contract.serializer for contract in contracts()]
ODD_TEXTS = [
    'quotes " and \\ and / and <script>&',
    "Żółta Łódź 株式会社 🦊 \u2028\u2029 \u202e",
    "e\u0301 and \u00e9",
    "0",
    "a" * 250,
]
#: They may have no character that cannot be seen.
IDENTIFIERS = {"external_id", "legal_number", "phone", "processor_reference"}
ODD_TIMES = [
    datetime(1970, 1, 1, tzinfo=UTC),
    datetime(2024, 2, 29, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2024, 3, 31, 1, 30, tzinfo=timezone(timedelta(hours=-9, minutes=-30))),
    datetime(2026, 1, 1, 12, 0, 0, 1000, tzinfo=UTC),
]
ODD_VALUES: list[dict[str, Any]] = [
    {},
    {"metadata": {}},
    {"metadata": {"": "", "ключ": "значение", 'a"b': "1\n2"}},
    *({"country": country} for country in ("DE", "AX", "ZW")),
    *({"email": email} for email in ("a@b.example", "o'x+y@müller.example")),
    {"external_id": "a/b?c=d#e%20 ü", "processor_reference": "4111111111111111"},
    {"url": "https://example.org/ü?q=1&r=<2>", "logo_url": "http://example.org"},
]


def said_by_the_serializer(serializer: type[Serializer[Any]], row: Model) -> Any:
    data = serializer(row, context={"origin": ORIGIN}).data
    return json.loads(RestFrameworkRenderer().render(data))


def compare(serializer: type[Serializer[Any]], tenant: Tenant, source: Any, row: Any) -> None:
    """Compare what is read, and what is written of the instance, with the serializer."""
    expected = said_by_the_serializer(serializer, row)
    found = read_one(source, serializer, tenant, ORIGIN, {"id": row.pk})

    assert found is not None
    assert (found.id, found.version) == (row.pk, row.version)
    assert json.loads(dump_json(found.members)) == expected
    assert list(found.members) == list(expected)
    assert json.loads(dump_json(wire_of(serializer).members_of(row, ORIGIN))) == expected


@pytest.mark.django_db
@pytest.mark.parametrize("serializer", CUSTOMERS)
def test_customers_of_every_value(acme: Organization, serializer: type[Serializer[Any]]) -> None:
    texts = sorted(Customer.WRITABLE - {"metadata", "country", "email", "ein", "url", "logo_url"})
    kinds = [
        *ODD_VALUES,
        *(
            {name: text for name in texts if not (has_unseen(text) and name in IDENTIFIERS)}
            for text in ODD_TEXTS
        ),
        *({name: ODD_TEXTS[1]} for name in texts if name not in IDENTIFIERS),
        {"ein": "12-3456789", "name": "An EIN"},
    ]
    for number, values in enumerate(kinds):
        mode = ("live", "test")[number % 2]
        created_at = ODD_TIMES[number % len(ODD_TIMES)]
        customer = factories.customer(acme, mode, created_at=created_at, **values)
        if number % 3 == 0:
            factories.payment_method(customer)
        if number % 4 == 0:
            customer.archive()
        customer = Customer.objects.get(pk=customer.pk)

        compare(serializer, factories.tenant(acme, mode), one_customer, customer)


@pytest.mark.django_db
def test_users_and_payment_methods(acme: Organization) -> None:
    customer = factories.customer(acme, name="Acme")
    for text in ODD_TEXTS:
        factories.user(customer, first_name=text, last_name=None, email=None)
    factories.payment_method(customer)
    factories.payment_method(customer, brand=None, exp_month=None, exp_year=None)
    tenant = factories.tenant(acme)

    def user(tenant: Tenant, id: Any) -> QuerySet[Any]:
        return users(tenant, customer.pk).filter(pk=id)

    def method(tenant: Tenant, id: Any) -> QuerySet[Any]:
        return payment_methods(tenant, customer.pk).filter(pk=id)

    for row in customer.users.all():
        compare(UserSerializer, tenant, user, row)
    for paid_with in customer.payment_methods.select_related("customer"):
        compare(PaymentMethodSerializer, tenant, method, paid_with)


@pytest.mark.django_db
def test_a_tenant_reads_its_own_rows_only(acme: Organization, globex: Organization) -> None:
    mine = factories.customer(acme, name="Mine")
    for other in (factories.tenant(acme, "test"), factories.tenant(globex)):
        for serializer in CUSTOMERS:
            assert read_one(one_customer, serializer, other, ORIGIN, {"id": mine.pk}) is None
            page = read_page(
                *(Customer.objects.visible_to, serializer, other, ORIGIN),
                *({}, Place(5), None, {}),
            )
            assert page.rows == []
