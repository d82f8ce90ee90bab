"""Finding a customer by whatever scrap of it there is."""

from __future__ import annotations

import pytest

from customers.insights.duplicates import possible_duplicates
from customers.models import Customer, Organization
from customers.values import cus_ids
from tests import factories

SCRAPS = {
    "Gavin": "a word of the name",
    "belson gavin": "words in any order",
    "Bel": "the beginning of a word",
    "coleman-blair": "the legal name",
    "blair": "a part of it behind a dash",
    "dinesh@piedpiper.test": "the email",
    "DINESH@PiedPiper.test": "in capitals",
    "piedpiper": "the email's domain",
    "ext-1881": "the external id",
    "cust_jf9j545": "the processor's reference",
    "1-171-883-3711 x245": "the telephone number",
    "1 (171) 883": "its beginning, written otherwise",
    "1171883": "its beginning without spaces",
    "łódź": "the city",
    "Lodz": "the city without accents",
    "12-3456789": "the EIN",
    "91364": "the postal code",
    "priority accounts": "the reference",
}


@pytest.fixture
def gavin(acme: Organization) -> Customer:
    factories.customer(acme, name="Someone Else", email="else@example.org", phone="555")
    return factories.customer(
        acme,
        name="Gavin Belson",
        legal_name="Coleman-Blair",
        email="dinesh@piedpiper.test",
        external_id="ext-1881",
        reference="Priority accounts",
        processor_reference="cust_jf9j545",
        phone="1-171-883-3711 x245",
        city="Łódź",
        ein="12-3456789",
        postal_code="91364",
    )


@pytest.mark.parametrize("typed", SCRAPS, ids=SCRAPS.values())
def test_found_by(gavin: Customer, typed: str) -> None:
    assert Customer.objects.matching(typed).get() == gavin


def test_found_by_its_ids(gavin: Customer) -> None:
    for typed in (
        str(gavin.pk),
        gavin.pk.hex,
        f" {str(gavin.pk).upper()} ",
        cus_ids.encode(gavin.pk),
    ):
        assert Customer.objects.matching(typed).get() == gavin


@pytest.mark.parametrize(
    "typed",
    ["avin", "gavin else", "'", "\\", "!!!", "cus_0", "q | g", "%", "", "-", "\0"],
)
def test_not_found_by(gavin: Customer, typed: str) -> None:
    assert not Customer.objects.matching(typed).exists()


@pytest.mark.parametrize(
    "name", ["株式会社さくら商事", "ООО «Берёза»", "شركة النخيل", "Việt Nông", "O'Brien"]
)
def test_found_by_a_name_of_any_alphabet(acme: Organization, name: str) -> None:
    customer = factories.customer(acme, name=name)

    for word in (name, name.upper(), name[:4].strip()):
        assert Customer.objects.matching(word).get() == customer


def test_the_id_of_another_system_may_be_a_uuid(acme: Organization) -> None:
    id = "5eb02857-a71e-4ea2-bcf9-57d3a41bc6ba"
    customer = factories.customer(acme, external_id=id)

    assert Customer.objects.matching(id).get() == customer
    assert Customer.objects.matching(id.replace("-", "")).count() == 0


@pytest.mark.parametrize("letter", ["㌖", "ﷺ", "x"])
def test_a_word_of_any_length_is_found(acme: Organization, letter: str) -> None:
    customer = factories.customer(acme, name=letter * 255, postal_code="1")
    twin = factories.customer(acme, name=letter * 255, postal_code="1")

    assert set(Customer.objects.matching(letter * 255)) == {customer, twin}
    assert [found.customer for found in possible_duplicates(customer, 5)] == [twin]
