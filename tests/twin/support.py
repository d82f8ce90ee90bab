"""Customers with every kind of value, and twins of them."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import connection

from customers.models import Customer, NotDuplicate, Organization
from customers.models.credential import Actor
from customers.models.history import acting
from tests import factories

Rows = list[dict[str, Any]]

FULL: dict[str, Any] = {
    "external_id": "KEY-1",
    "processor_reference": "cus_9s6XKzkNRiz8i3",
    "reference": "Ask for Zoë; ☎ 030/1234567",
    "email": "Ada.Lovelace@Analytical.com",
    "name": "Łódź Engines & Søns",
    "legal_name": "北京云海科技有限公司",
    "legal_number": "GB 980 7806 84",
    "ein": "12-3456789",
    "address_line1": "17 Dorset Square",
    "address_line2": "c/o Babbage",
    "city": "MARYLEBONE",
    "state": "Greater London",
    "postal_code": "NW1 6QG",
    "country": "GB",
    "phone": "+44 (20) 7946-0958 x245",
    "url": "https://www.analytical.com:8080/Zo%C3%AB/engine?difference=2",
    "logo_url": "http://cdn.analytical.com/ada.png",
    "metadata": {
        "note": "pays late: ada.lovelace@analytical.com",
        "Lovelace": "8841-77",
        "sign": "***",
        "empty": "",
        "kind": "card",
    },
}


CARD: dict[str, Any] = {
    "type": "card",
    "brand": "visa",
    "last4": "4242",
    "exp_month": 8,
    "exp_year": 2030,
    "processor": "stripe",
    "processor_token": "pm_1NabcXYZ",
}


def write_history(organization: Organization) -> list[Customer]:
    """Two customers with all that can belong to one, changed by everyone, removed and archived."""
    staff = factories.staff("grace.hopper")
    with acting(staff.actor, request_id="0f3c5a9e7b1d4c2e8a6f", reason="Ada Lovelace asked."):
        ada = factories.customer(organization, **FULL)
        note = factories.note(
            ada, staff, text="Lovelace calls back: +44 20 7946 0958, ada@home.org"
        )
    with acting(
        Actor("api_key", str(ada.pk), "Analytical key"), contract="lago", request_id="r-77"
    ):
        ada.add_payment_method(**CARD)
        bank = ada.add_payment_method(type="standard_ach", bank_name="Lloyds Bank", last4="6789")
        factories.user(ada, email="ADA.lovelace@analytical.COM", first_name="Augusta")
        factories.user(ada, email="charles@analytical.com", last_name="Wu").remove()
        factories.user(ada, email="test@shop.example", first_name="Test", last_name="Example")
    with acting(Actor("command", "demo", "manage.py demo")):
        ada.revise({"city": "Ealing", "name": "Engines of Ealing"})
        ada.revise({"city": "MARYLEBONE"})
        bank.remove()
    note.revise({"is_pinned": True})
    other = factories.customer(organization, email="ada.lovelace@analytical.com", city="marylebone")
    other.archive()
    NotDuplicate.say(ada, other, by=staff)
    ada.refresh_from_db()
    return [ada, other]


def write_twin(path: Path, *customers: object, seed: str | None = "a seed", **options: Any) -> Rows:
    """The rows of the fixture that the command writes."""
    ids = [str(getattr(one, "pk", one)) for one in customers]
    options.setdefault("all", not ids)
    call_command("twin", *ids, seed=seed, output=str(path), stderr=StringIO(), **options)
    rows: Rows = json.loads(path.read_text("utf-8"))
    return rows


def fields(rows: Rows, model: str = "customer") -> list[dict[str, Any]]:
    """The fields of the rows of a model."""
    return [row["fields"] for row in rows if row["model"] == f"customers.{model}"]


def load(path: Path) -> None:
    call_command("loaddata", str(path), verbosity=0)


TABLES = ("organization", "customer", "customeruser", "paymentmethod", "customernote")


def stored() -> list[tuple[str, dict[str, Any]]]:
    """Every row of customers and what belongs to them, with its table, as the database has it."""
    tables = [f"customers_{name}" for name in (*TABLES, *(f"{name}event" for name in TABLES[1:]))]
    with connection.cursor() as cursor:
        found = []
        for table in (*tables, "customers_notduplicate"):
            cursor.execute(f"SELECT to_jsonb(r) - 'search_text' FROM {table} r")
            found += [(table, json.loads(row)) for (row,) in cursor.fetchall()]
    return found
