"""`register`: a new customer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from customers.models import Customer, Organization
from customers.models.errors import EmailTaken, ExternalIdTaken
from customers.values.uuid7 import created_at
from tests import factories

CARD = "4242 4242 4242 4242"
EVERYTHING: dict[str, Any] = {
    "external_id": "4242424242424242",
    "processor_reference": "cus_4242424242424242",
    "reference": "Big client",
    "email": "Billing@Acme.example",
    "name": "Acme",
    "legal_name": "Acme Inc.",
    "legal_number": "HRB 1234",
    "ein": "12-3456789",
    "address_line1": "1 Main St",
    "address_line2": "Floor 2",
    "city": "Springfield",
    "state": "IL",
    "postal_code": "62701",
    "country": "US",
    "phone": "1-171-883-3711 x245",
    "url": "https://acme.example",
    "logo_url": "https://acme.example/logo.png",
    "metadata": {"plan": "pro"},
}


def register(organization: Organization, values: dict[str, Any]) -> Customer:
    return Customer.objects.register(factories.tenant(organization), values)


def test_every_writable_field_is_stored(acme: Organization) -> None:
    assert EVERYTHING.keys() == Customer.WRITABLE

    customer = factories.customer(acme, **EVERYTHING)

    stored = Customer.objects.get(pk=customer.pk)
    assert {name: getattr(stored, name) for name in EVERYTHING} == EVERYTHING


@pytest.mark.parametrize("field", sorted(Customer.WRITABLE))
def test_a_customer_of_one_field_has_no_other(acme: Organization, field: str) -> None:
    stored = Customer.objects.get(pk=register(acme, {field: EVERYTHING[field]}).pk)

    absent = {name: getattr(stored, name) for name in Customer.WRITABLE - {"metadata", field}}
    assert set(absent.values()) == {None}
    assert stored.metadata == (EVERYTHING[field] if field == "metadata" else {})


@pytest.mark.parametrize(
    "values",
    [{}, {"name": None}, {"name": " ", "email": ""}, {"metadata": {}}, {"metadata": None}],
    ids=str,
)
def test_a_customer_of_nothing_is_refused(acme: Organization, values: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        register(acme, values)

    assert [error.code for error in refused.value.error_list] == ["empty"]
    assert not Customer.objects.exists()


def test_organization_and_mode_are_the_credentials(acme: Organization) -> None:
    customer = factories.customer(acme, "test", name="Acme")

    assert (customer.organization_id, customer.mode) == (acme.pk, "test")


def test_a_new_customer_is_live_and_at_version_1(acme: Organization) -> None:
    before = timezone.now()
    customer = factories.customer(acme, name="Acme")

    stored = Customer.objects.get(pk=customer.pk)
    assert (stored.version, stored.archived_at) == (1, None)
    assert before <= stored.created_at <= timezone.now()
    assert created_at(stored.pk) == stored.created_at


def test_an_older_customer_keeps_its_time_and_its_place(acme: Organization) -> None:
    now = factories.customer(acme, name="New")
    at = datetime(2020, 2, 29, 12, 30, 45, 123456, tzinfo=UTC)
    old = factories.customer(acme, name="Old", created_at=at)

    assert Customer.objects.get(pk=old.pk).created_at == at == created_at(old.pk)
    assert list(Customer.objects.order_by("pk")) == [old, now]


@pytest.mark.parametrize("blank", ["", " ", "\t\n"])
def test_blank_text_is_absent(acme: Organization, blank: str) -> None:
    customer = factories.customer(
        acme, name=blank, external_id=blank, email=blank, country=blank, url=blank, city="Kyiv"
    )

    stored = Customer.objects.get(pk=customer.pk)
    values = (stored.name, stored.external_id, stored.email, stored.country, stored.url)
    assert set(values) == {None}


def test_absent_metadata_is_empty(acme: Organization) -> None:
    assert factories.customer(acme, name="Acme", metadata=None).metadata == {}


@pytest.mark.parametrize("field", ["id", "organization_id", "mode", "version", "archived_at", "x"])
def test_other_fields_are_a_programming_error(acme: Organization, field: str) -> None:
    with pytest.raises(TypeError, match=f"not writable: {field}"):
        register(acme, {"name": "Acme", field: "x"})

    assert not Customer.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", "no address"),
        ("email", "a" * 250 + "@example.org"),
        ("country", "XX"),
        ("country", "DEU"),
        ("ein", "12"),
        ("url", "javascript:alert(1)"),
        ("logo_url", "https://user:pw@example.org"),
        ("name", "n" * 256),
        ("external_id", "n" * 256),
        ("name", "\0"),
        ("external_id", "\ud800"),
        ("metadata", {"a": 1}),
        ("metadata", "text"),
        ("metadata", ["a"]),
        ("metadata", []),
        ("metadata", ""),
    ],
)
def test_what_breaks_a_rule_is_refused_by_its_field(
    acme: Organization, field: str, value: object
) -> None:
    with pytest.raises(ValidationError) as caught:
        register(acme, {field: value})

    assert list(caught.value.message_dict) == [field]
    assert not Customer.objects.exists()


def test_all_broken_rules_are_reported_at_once(acme: Organization) -> None:
    with pytest.raises(ValidationError) as caught:
        factories.customer(acme, email="no", country="XX", metadata=[1])

    assert set(caught.value.message_dict) == {"email", "country", "metadata"}


EXEMPT = {"external_id", "processor_reference", "legal_number", "phone"}


@pytest.mark.parametrize("field", sorted(Customer.WRITABLE - EXEMPT - {"metadata"}))
def test_a_card_number_is_refused_and_not_repeated(acme: Organization, field: str) -> None:
    number = CARD.replace(" ", "") + "@example.org" if field == "email" else CARD
    with pytest.raises(ValidationError) as caught:
        register(acme, {field: number})

    assert list(caught.value.message_dict) == [field]
    assert "4242" not in str(caught.value)
    assert not Customer.objects.exists()


def test_a_card_number_in_metadata_is_refused_and_not_repeated(acme: Organization) -> None:
    with pytest.raises(ValidationError) as caught:
        factories.customer(acme, metadata={"note": f"card {CARD}"})

    assert "4242" not in str(caught.value)


PARTED = [
    {"name": "4242 4242", "city": "4242 4242"},
    {"name": "Ada 4242", "legal_name": "4242-4242", "address_line1": "4242 Main Street"},
    {"address_line1": "42424242", "address_line2": "42424242"},
    {"state": "424242424242", "postal_code": "4242"},
    {"reference": "Card: 3782 822463", "address_line1": "10005"},
]


@pytest.mark.parametrize("values", PARTED)
def test_a_card_number_parted_over_fields_is_refused(
    acme: Organization, values: dict[str, str]
) -> None:
    with pytest.raises(ValidationError) as caught:
        register(acme, values)

    assert list(caught.value.error_dict) == [[*values][-1]]
    assert "4242" not in str(caught.value)


@pytest.mark.parametrize("values", PARTED)
def test_it_is_refused_if_the_second_part_comes_later(
    acme: Organization, values: dict[str, str]
) -> None:
    *first, last = values
    customer = register(acme, {name: values[name] for name in first} | {"email": "a@example.org"})

    with pytest.raises(ValidationError) as caught:
        customer.revise({last: values[last]})
    assert list(caught.value.error_dict) == [last]
    customer.refresh_from_db()
    customer.revise({"email": "b@example.org"})


@pytest.mark.parametrize(
    "values",
    [
        {"address_line1": "4242 Main Street", "address_line2": "Apt 4242", "postal_code": "42424"},
        {"name": "4242", "city": "x 4242 4242 4242"},
        {"name": "4242 4242", "city": "Kyiv", "postal_code": "4242 4242"},
        {"phone": "4242 4242", "legal_number": "4242 4242"},
        {"name": "1234 5678", "city": "9012 3456"},
    ],
)
def test_other_numbers_in_several_fields_are_kept(
    acme: Organization, values: dict[str, str]
) -> None:
    customer = register(acme, values)

    assert {name: getattr(customer, name) for name in values} == values


@pytest.mark.parametrize("field", sorted(EXEMPT))
def test_ids_registration_and_telephone_numbers_may_be_any_long_number(
    acme: Organization, field: str
) -> None:
    assert getattr(register(acme, {field: CARD}), field) == CARD


def test_an_external_id_that_a_live_customer_has_is_refused(
    acme: Organization, customer: Customer
) -> None:
    with pytest.raises(ExternalIdTaken):
        factories.customer(acme, external_id=customer.external_id)


def test_an_external_id_is_distinguished_by_case(acme: Organization, customer: Customer) -> None:
    assert factories.customer(acme, external_id="EXT-1").external_id == "EXT-1"


def test_an_archived_customers_external_id_is_free(acme: Organization, customer: Customer) -> None:
    customer.archive()

    assert factories.customer(acme, external_id="ext-1").pk != customer.pk


def test_an_external_id_is_free_in_the_other_mode_and_organization(
    acme: Organization, globex: Organization, customer: Customer
) -> None:
    factories.customer(acme, "test", external_id="ext-1")
    factories.customer(globex, external_id="ext-1")

    assert Customer.objects.filter(external_id="ext-1").count() == 3


def test_customers_may_share_an_email(acme: Organization) -> None:
    factories.customer(acme, email="ada@example.org")
    factories.customer(acme, email="ada@example.org")

    assert Customer.objects.count() == 2


def claim(organization: Organization, email: str | None, mode: str = "live") -> Customer:
    return Customer.objects.register(
        factories.tenant(organization, mode),
        {"name": "Ada", "email": email},
        email_must_be_free=True,
    )


@pytest.mark.parametrize(
    ("held", "claimed"),
    [
        ("ada@example.org", "ada@example.org"),
        ("ada@example.org", "ADA@Example.ORG"),
        ("Ada@Example.org", "ada@example.org"),
        ("ada@münchen.example", "ada@MÜNCHEN.example"),
    ],
)
def test_an_email_that_must_be_free_is_refused_ignoring_case(
    acme: Organization, held: str, claimed: str
) -> None:
    factories.customer(acme, email=held)

    with pytest.raises(EmailTaken):
        claim(acme, claimed)

    assert Customer.objects.count() == 1


def test_an_email_is_free_in_the_other_mode_and_organization(
    acme: Organization, globex: Organization
) -> None:
    factories.customer(acme, email="ada@example.org")

    assert claim(acme, "ada@example.org", "test").version == 1
    assert claim(globex, "ada@example.org").version == 1


def test_an_archived_customers_email_is_free(acme: Organization) -> None:
    factories.customer(acme, email="ada@example.org").archive()

    assert claim(acme, "ada@example.org").email == "ada@example.org"


def test_no_email_is_always_free(acme: Organization) -> None:
    claim(acme, None)
    claim(acme, " ")

    assert Customer.objects.filter(email=None).count() == 2


def test_a_refusal_leaves_the_surrounding_transaction_usable(acme: Organization) -> None:
    factories.customer(acme, external_id="taken", email="ada@example.org")

    with transaction.atomic():
        with pytest.raises(ExternalIdTaken):
            factories.customer(acme, external_id="taken")
        with pytest.raises(EmailTaken):
            claim(acme, "ada@example.org")
        factories.customer(acme, external_id="free")

    assert set(Customer.objects.values_list("external_id", flat=True)) == {"taken", "free"}


def test_registering_takes_no_more_than_its_own_queries(
    acme: Organization, django_assert_num_queries: type
) -> None:
    credential = factories.tenant(acme)

    with django_assert_num_queries(1):
        Customer.objects.register(credential, {"name": "Acme"})


def test_a_customer_from_before_1970_is_refused(acme: Organization) -> None:
    with pytest.raises(ValueError, match="1970"):
        factories.customer(acme, created_at=datetime(1970, 1, 1, tzinfo=UTC) - timedelta(days=1))
