"""Finding a customer by whatever scrap of it there is."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import Func, Value

from customers.insights.duplicates import possible_duplicates
from customers.models import Customer, Organization
from customers.values import cus_ids
from tests import factories

SCRAPS = {
    "Gavin": "a word of the name",
    "belson gavin": "words in any order",
    "Bel": "the beginning of a word",
    "avin": "the end of a word",
    "esh@pied": "the middle of the email",
    "per.test gav": "parts in any order",
    "gavin łódź": "parts of several fields",
    "priority & accounts": "a sign between words",
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
    [
        "gavin else",
        "belson coleman-blairx",
        "ext-1881gavin",
        "'",
        "\\",
        "!!!",
        "cus_0",
        "q | g",
        "%",
        "",
        "-",
        "\0",
    ],
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


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("北京云海科技有限公司", "云海"),
        ("北京云海科技有限公司", "海"),
        ("ООО «Берёза»", "ере"),
        ("ООО «Берёза»", "ё"),
        ("Café Nord", "Cafe\u0301"),
        ("Cafe\u0301 Nord", "Café"),
        ("Große Straße", "strasse"),
        ("Grosse Strasse", "große"),
        ("Ægir", "aegir"),
        ("ΟΔΟΣ", "οδος"),
        ("οδος", "ΟΔΟΣ"),
        ("Gavin Belson", "vi"),
        ("Gavin Belson", "g"),
        ("Gavin 7", "n 7"),
    ],
)
def test_found_by_a_part_in_any_script(acme: Organization, name: str, typed: str) -> None:
    customer = factories.customer(acme, name=name, email=None)
    factories.customer(acme, name="Other", email=None)

    assert customer in Customer.objects.matching(typed)


def test_no_word_straddles_two_fields(acme: Organization) -> None:
    factories.customer(acme, name="云海", legal_name="科技", city="Kiel", email=None)

    assert not Customer.objects.matching("海科").exists()
    assert not Customer.objects.matching("kielx").exists()


PHONES = ["+49 30 1234", "0049 30 1234", "030 1234", "+49 (0)30 1234", "(030) 12-34"]


@pytest.mark.parametrize("kept", PHONES)
@pytest.mark.parametrize("typed", PHONES)
def test_a_telephone_number_is_found_in_any_form(acme: Organization, kept: str, typed: str) -> None:
    customer = factories.customer(acme, phone=kept)
    factories.customer(acme, phone="030 9999")

    assert Customer.objects.matching(typed).get() == customer


@pytest.mark.parametrize(
    "typed", ["milton", "milton waddams", "initech wadd", "visa 4242", "4242 12/2027", "2027-12"]
)
def test_found_by_its_users_and_payment_methods(acme: Organization, typed: str) -> None:
    customer = factories.customer(acme, name="Someone")
    factories.customer(acme, name="Else")
    factories.user(customer, email="pay@initech.example", first_name="Milton", last_name="Waddams")
    factories.payment_method(customer, brand="visa", last4="4242", exp_month=12, exp_year=2027)
    factories.payment_method(customer, brand="amex", last4="1111", exp_month=1, exp_year=2030)

    assert Customer.objects.matching(typed).get() == customer


@pytest.mark.parametrize("typed", ["visa 1111", "amex 12/2027", "milton visa", "someone milton"])
def test_all_words_are_of_one_row(acme: Organization, typed: str) -> None:
    customer = factories.customer(acme, name="Someone")
    factories.user(customer, first_name="Milton")
    factories.payment_method(customer, brand="visa", last4="4242", exp_month=12, exp_year=2027)
    factories.payment_method(customer, brand="amex", last4="1111", exp_month=1, exp_year=2030)

    assert not Customer.objects.matching(typed).exists()


def test_found_by_a_value_of_its_metadata(acme: Organization) -> None:
    customer = factories.customer(acme, metadata={"plan": "Gold-2027"})

    assert Customer.objects.matching("gold-20").get() == customer
    assert not Customer.objects.matching("plan").exists()


def test_a_change_is_found_at_once(acme: Organization) -> None:
    customer = factories.customer(acme, name="Before")
    customer.revise({"name": "After"})

    assert Customer.objects.matching("after").get() == customer
    assert not Customer.objects.matching("before").exists()


@pytest.mark.parametrize("few", [0, 3, 1000])
@pytest.mark.parametrize("page", [1, 1000])
def test_frequent_and_rare_matches_are_the_same_rows(
    acme: Organization, globex: Organization, monkeypatch: pytest.MonkeyPatch, few: int, page: int
) -> None:
    monkeypatch.setattr("customers.models.matching._FEW", few)
    monkeypatch.setattr("customers.models.matching._PAGE", page)
    mine = [factories.customer(acme, name=f"Milton {number}") for number in range(3)]
    of_user = factories.customer(acme, name="User")
    factories.user(of_user, first_name="Milton")
    of_method = factories.customer(acme, name="Method")
    factories.payment_method(of_method, bank_name="Bank of Milton")
    factories.customer(acme, name="None")
    factories.customer(acme, "test", name="Milton")
    theirs = factories.customer(globex, name="Milton")

    rows = Customer.objects.visible_to(factories.tenant(acme))

    assert set(rows.matching("milton")) == {*mine, of_user, of_method}
    assert theirs in Customer.objects.matching("milton")


def test_what_is_spelled_nearly_so(acme: Organization, globex: Organization) -> None:
    customer = factories.customer(acme, name="Gavin Belson")
    factories.customer(acme, name="Someone Else")
    factories.customer(globex, name="Gavin Belson")
    rows = Customer.objects.visible_to(factories.tenant(acme))

    assert rows.resembling("gavn belson") == [customer]
    assert rows.resembling("\0") == []


def test_what_takes_too_long_to_resemble_is_not_offered(
    acme: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.customer(acme, name="Gavin Belson")
    slow = Customer.objects.annotate(slept=Func(Value(1), function="pg_sleep")).filter(
        slept__isnull=False
    )

    assert slow.resembling("gavin belson") == []
    assert Customer.objects.resembling("gavin belson")
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


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
