"""`manage.py dump_fixture`: chosen customers as a fixture that names no one."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.core.validators import validate_email
from pytest_django import Settings

from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from customers.values.card_numbers import contains_card_number
from customers.values.cus_ids import encode
from tests import factories

FULL: dict[str, Any] = {
    "external_id": "KEY-1",
    "processor_reference": "cus_9s6XKzkNRiz8i3",
    "reference": "Ask for Zoë; ☎ 030/1234567",
    "email": "Ada.Lovelace@Analytical.example",
    "name": "Łódź Engines & Søns",
    "legal_name": "北京云海科技有限公司",
    "legal_number": "HRB 98123",
    "ein": "12-3456789",
    "address_line1": "17 Dorset Square",
    "address_line2": "c/o Babbage",
    "city": "MARYLEBONE",
    "state": "Greater London",
    "postal_code": "NW1 6QG",
    "country": "GB",
    "phone": "+44 (20) 7946-0958 x245",
    "url": "https://www.analytical.example:8080/engine?difference=2",
    "logo_url": "http://cdn.analytical.example/ada.png",
    "metadata": {
        "note": "pays late",
        "pin": "8841-77",
        "sign": "***",
        "empty": "",
        "emoji": "🦾🦾🦾",
    },
}


@pytest.fixture
def ada(acme: Organization) -> Customer:
    Organization.objects.filter(pk=acme.pk).update(slug="babbage-and-co", name="Babbage & Co")
    acme.refresh_from_db()
    customer = factories.customer(acme, **FULL)
    customer.add_payment_method(
        type="card",
        brand="visa",
        last4="4242",
        exp_month=8,
        exp_year=2030,
        processor="stripe",
        processor_token="pm_1NabcXYZ",
    )
    customer.add_payment_method(type="standard_ach", bank_name="Lloyds Bank", last4="6789")
    factories.user(customer, email="ADA.lovelace@analytical.example", first_name="Augusta")
    factories.user(customer, email="charles@analytical.example", last_name="Wu")
    customer.archive()
    return customer


def dump(*ids: object, **options: Any) -> str:
    out = StringIO()
    call_command(
        "dump_fixture", customer=[str(id) for id in ids], stdout=out, stderr=StringIO(), **options
    )
    return out.getvalue()


def rows(text: str, model: str = "customer") -> list[dict[str, Any]]:
    return [row["fields"] for row in json.loads(text) if row["model"] == f"customers.{model}"]


def load(text: str, folder: Path) -> None:
    (folder / "made_up.json").write_text(text, "utf-8")
    call_command("loaddata", str(folder / "made_up.json"), verbosity=0)


CHANCE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dt[0-9:.]+z")


def originals(customer: Customer) -> list[str]:
    """Every text of the customer and of what belongs to it, and every id."""
    found = []
    users, methods = customer.users.all(), customer.payment_methods.all()
    for row in (customer, customer.organization, *users, *methods):
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.get_internal_type() in ("UUIDField", "ForeignKey") and value:
                found.append(str(value))
            if isinstance(value, str) and field.name not in ("mode", "type", "country"):
                found.append(value)
    return found + list(customer.metadata.values())


def test_no_original_value_is_left(ada: Customer) -> None:
    ada.refresh_from_db()
    text = dump(ada.pk)
    whole = text.lower() + json.dumps(json.loads(text)).lower()
    # Ids are random, and times have any microseconds: a short text may be in them by chance.
    texts = CHANCE.sub("", whole)

    left = [
        value
        for value in originals(ada)
        if len(value) > 2 and value.lower() in (texts if len(value) < 8 else whole)
    ]
    assert left == []
    for part in ("lovelace", "analytical", "engine", "babbage", "lloyds", "zoë", "云海", "8841"):
        assert part not in texts


def test_what_is_not_personal_stays(ada: Customer) -> None:
    ada.refresh_from_db()
    text = dump(ada.pk)
    (row,) = rows(text)

    assert (row["country"], row["mode"], row["version"]) == ("GB", "live", ada.version)
    for name in ("created_at", "updated_at", "archived_at"):
        assert row[name] == getattr(ada, name).isoformat().replace("+00:00", "Z")
    assert row["metadata"].keys() == FULL["metadata"].keys()
    assert row["metadata"]["empty"] == ""
    assert {(m["type"], m["exp_month"], m["exp_year"]) for m in rows(text, "paymentmethod")} == {
        ("card", 8, 2030),
        ("standard_ach", None, None),
    }
    absent = {user["first_name"] is None for user in rows(text, "customeruser")}
    assert absent == {True, False}


def test_values_keep_their_form(ada: Customer) -> None:
    (row,) = rows(dump(ada.pk))

    validate_email(row["email"])
    assert re.fullmatch(r"\+44 \(\d\d\) \d{4}-\d{4} [a-z]\d{3}", row["phone"])
    assert re.fullmatch(r"12-\d{7}", row["ein"])
    assert re.fullmatch(r"[A-Z]{2}\d \d[A-Z]{2}", row["postal_code"])
    assert row["city"].isupper()
    assert re.fullmatch(r"https://[a-z0-9-]+\.example/[a-z]+", row["url"])
    assert re.fullmatch(r"\d{4}-\d{2}", row["metadata"]["pin"])


def test_the_same_values_give_the_same_output(ada: Customer, settings: Settings) -> None:
    once = dump(ada.pk)

    assert dump(encode(ada.pk)) == once
    settings.SECRET_KEY = "another one"
    assert dump(ada.pk) != once


def test_it_loads_beside_the_original(ada: Customer, tmp_path: Path) -> None:
    text = dump(ada.pk)
    load(text, tmp_path)

    copy = Customer.objects.exclude(pk=ada.pk).get()
    copy.full_clean()
    assert copy.created_at == ada.created_at
    assert copy.organization_id != ada.organization_id
    assert copy.default_payment_method in copy.payment_methods.all()
    assert (copy.users.count(), copy.payment_methods.count()) == (2, 2)
    for row in (*copy.users.all(), *copy.payment_methods.all()):
        row.full_clean()
    load(text, tmp_path)
    assert (Customer.objects.count(), CustomerUser.objects.count()) == (2, 4)
    assert PaymentMethod.objects.count() == 4


def test_equal_values_stay_equal_and_different_ones_different(
    acme: Organization, tmp_path: Path
) -> None:
    emails = ["ada@example.org", "ADA@Example.org", "eve@example.org"]
    ids = [
        factories.customer(acme, email=email, external_id=f"{number}").pk
        for number, email in enumerate(emails)
    ]
    ids += [factories.customer(acme, external_id=text).pk for text in ("key-1", "KEY-1", "Key-1")]
    text = dump(*ids)
    found = rows(text)

    made = [row["email"] for row in found[:3]]
    assert made[0].lower() == made[1].lower() != made[2].lower()
    assert made[0].partition("@")[2] == made[2].partition("@")[2]
    names = [row["external_id"] for row in found]
    assert len(set(names)) == 6
    assert len({name.lower() for name in names[3:]}) == 1
    load(text, tmp_path)
    assert Customer.objects.count() == 12


def test_many_customers_stay_as_many(acme: Organization, tmp_path: Path) -> None:
    ids = [
        factories.customer(acme, external_id=str(n), email=f"{n}@example.org", phone="555 01 00").pk
        for n in range(40)
    ]
    found = rows(dump(*ids))

    assert len({row["email"].lower() for row in found}) == 40
    assert len({row["external_id"] for row in found}) == 40
    assert len({row["phone"] for row in found}) == 1


def test_nothing_made_up_looks_like_a_card_number(acme: Organization) -> None:
    ids = [
        factories.customer(
            acme, reference=f"{n:02d}00 0000 0000 0000", phone="4000000000000000"[:15]
        )
        for n in range(30)
        if not contains_card_number(f"{n:02d}00 0000 0000 0000")
    ]
    for row in rows(dump(*(customer.pk for customer in ids))):
        assert not contains_card_number(row["reference"])
        assert not contains_card_number(row["phone"])


def test_a_short_value_is_replaced_too(acme: Organization) -> None:
    customer = factories.customer(acme, name="Li", state="CA", metadata={"a": "Wu"})
    (row,) = rows(dump(customer.pk))

    assert row["name"] != "Li"
    assert row["metadata"]["a"] != "Wu"
    assert row["state"] == "CA"


def test_a_customer_is_found_by_any_id(ada: Customer, globex: Organization) -> None:
    factories.customer(globex, external_id="KEY-1")
    once = dump(ada.pk)

    assert dump(encode(ada.pk)) == once
    assert dump(ada.pk.hex) == once
    assert dump("KEY-1", organization="babbage-and-co") == once
    assert dump("KEY-1", ada.pk, organization="babbage-and-co") == once
    with pytest.raises(CommandError, match="--organization"):
        dump("KEY-1")
    with pytest.raises(CommandError, match="no customer"):
        dump(ada.pk, organization="globex")


def test_an_external_id_of_several_is_refused(ada: Customer) -> None:
    again = factories.customer(ada.organization, external_id="KEY-1")
    factories.customer(ada.organization, "test", external_id="KEY-1")

    with pytest.raises(CommandError, match=str(again.pk)):
        dump("KEY-1", organization="babbage-and-co")
    assert len(rows(dump("KEY-1", organization="babbage-and-co", mode="test"))) == 1


def test_it_writes_a_file(ada: Customer, tmp_path: Path) -> None:
    assert dump(ada.pk, output=str(tmp_path / "one.json")) == ""
    assert (tmp_path / "one.json").read_text("utf-8") == dump(ada.pk)
