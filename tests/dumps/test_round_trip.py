"""What `dumpdata` writes, `loaddata` reads: the same rows, with the same history."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, ProgrammingError, transaction

from customers.models import ApiKey, Customer, CustomerUser, OAuthClient, Organization
from customers.models.credential import Actor
from customers.models.history import acting
from customers.values.uuid7 import uuid7
from tests import factories
from tests.dumps.support import empty, tables

ODD: dict[str, Any] = {
    "name": 'Ł"ódź\\ \u2028 \U0001f9be <&>',
    "legal_name": "\t\x0b\x1f\x7f\u200bטקסט",
    "city": "e\u0301",
    "metadata": {"": "", 'k"\\': "\u2029\x01", "null": "null", "a\tb": "1"},
}
CustomerEvent: Any = Customer._meta.get_field("events").related_model


def fill() -> None:
    """Rows with odd values and history: changed, archived, removed, of two organizations."""
    acme, globex = factories.organization("acme"), factories.organization("globex")
    acme.staff.add(factories.staff("ada"))
    with acting(Actor("api_key", "key-1", "live_abcd"), contract="lago", request_id="r-1"):
        customer = factories.customer(acme, **ODD)
        method = customer.add_payment_method(type="card", last4="4242")
        customer.add_payment_method(type="standard_ach", bank_name="Bank")
        factories.user(customer).revise({"first_name": "Ada"})
    factories.user(customer, email="eve@example.org").remove()
    customer.set_default_payment_method(None)
    customer.set_default_payment_method(method)
    customer.archive()
    old = datetime(1999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    factories.customer(globex, "test", created_at=old, external_id="\\N").revise({"name": "New"})
    factories.customer(globex, "test", created_at=old.replace(microsecond=1), name="\\.").delete()
    ApiKey.issue(acme, "live")
    OAuthClient.issue(acme, "test")


def dump(path: Path, *labels: str, **options: Any) -> None:
    chosen = labels or ("staff", "customers")
    call_command("dumpdata", *chosen, output=str(path), verbosity=0, **options)


def load(path: Path) -> None:
    call_command("loaddata", str(path), verbosity=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_a_dump_gives_the_same_tables(tmp_path: Path, format: str) -> None:
    fill()
    before = tables()
    dump(tmp_path / f"all.{format}", format=format)
    empty()

    load(tmp_path / f"all.{format}")

    assert tables() == before
    assert all(
        before[f"customers_{name}"]
        for name in ("customerevent", "customeruserevent", "paymentmethodevent", "apikeyevent")
    )


@pytest.mark.django_db(transaction=True)
def test_a_dump_loaded_twice_changes_nothing(tmp_path: Path) -> None:
    fill()
    before = tables()
    dump(tmp_path / "all.json")

    load(tmp_path / "all.json")
    load(tmp_path / "all.json")

    assert tables() == before


@pytest.mark.django_db(transaction=True)
def test_history_goes_on_after_a_dump(tmp_path: Path) -> None:
    fill()
    dump(tmp_path / "all.json")
    empty()
    load(tmp_path / "all.json")
    last = CustomerEvent.objects.latest("pgh_id")

    Customer.objects.live().get().revise({"name": "Later"})

    event = CustomerEvent.objects.latest("pgh_id")
    assert (event.pgh_id, event.name) == (last.pgh_id + 1, "Later")
    with pytest.raises(ProgrammingError, match="append_only"), transaction.atomic():
        event.delete()


def test_without_its_history_a_row_begins_one(acme: Organization, tmp_path: Path) -> None:
    customer = factories.customer(acme, name="Acme")
    customer.revise({"name": "New"})
    dump(tmp_path / "rows.json", "customers.customer")
    customer.delete()

    load(tmp_path / "rows.json")

    events = CustomerEvent.objects.order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "update", "delete", "insert"]
    assert events.last().version == Customer.objects.get().version == 2


def test_what_a_dump_overwrites_is_in_the_history(customer: Customer, tmp_path: Path) -> None:
    dump(tmp_path / "all.json", "customers")
    customer.revise({"name": "New"})

    load(tmp_path / "all.json")

    events = CustomerEvent.objects.order_by("pgh_id")
    assert [event.name for event in events] == ["Coleman-Blair", "New", "Coleman-Blair"]
    assert [event.version for event in events] == [1, 2, 3]


def test_a_deleted_row_that_a_dump_brings_back_is_in_the_history(
    customer: Customer, tmp_path: Path
) -> None:
    dump(tmp_path / "all.json", "customers")
    customer.delete()

    load(tmp_path / "all.json")

    events = CustomerEvent.objects.order_by("pgh_id")
    assert [event.pgh_label for event in events] == ["insert", "delete", "insert"]


@pytest.mark.django_db(transaction=True)
def test_another_history_is_not_overwritten(tmp_path: Path) -> None:
    empty()  # history is numbered from 1
    fill()
    dump(tmp_path / "all.json", "customers.organization", "customers.organizationevent")
    empty()
    factories.organization("other")
    before = tables()

    with pytest.raises(CommandError, match=r"--exclude customers\.OrganizationEvent"):
        load(tmp_path / "all.json")

    assert tables() == before


def test_history_that_is_left_out_is_not_loaded(customer: Customer, tmp_path: Path) -> None:
    dump(tmp_path / "all.json", "customers")
    Customer.objects.all().delete()

    call_command(
        "loaddata", str(tmp_path / "all.json"), exclude=["customers.CustomerEvent"], verbosity=0
    )

    assert CustomerEvent.objects.count() == 3


def cut(text: str) -> str:
    """A time as other tools write it, to the millisecond."""
    return text[:23] + "Z" if len(text) == 27 else text


def test_microseconds_that_a_fixture_lacks_come_from_the_id(
    acme: Organization, tmp_path: Path
) -> None:
    for microsecond in (0, 1, 999, 1000, 123_456, 999_999):
        at = datetime(2025, 6, 30, 22, 0, 0, microsecond, tzinfo=UTC)
        factories.customer(acme, created_at=at)
    Customer.objects.update(city="Berlin")
    before = list(Customer.objects.values_list("pk", "created_at").order_by("pk"))
    dump(tmp_path / "rows.json", "customers.customer")
    rows = json.loads((tmp_path / "rows.json").read_text())
    for row in rows:
        row["fields"]["created_at"] = cut(row["fields"]["created_at"])
        row["fields"]["updated_at"] = row["fields"]["created_at"]
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    Customer.objects.all().delete()

    load(tmp_path / "rows.json")

    assert list(Customer.objects.values_list("pk", "created_at").order_by("pk")) == before
    assert all(row.updated_at == row.created_at for row in Customer.objects.all())


def test_a_customer_that_an_earlier_dumpdata_wrote_is_loaded(
    acme: Organization, tmp_path: Path
) -> None:
    times = dict.fromkeys(("created_at", "updated_at"), "2026-11-25T12:36:01.153Z")
    fields = {**times, "organization": str(acme.pk), "mode": "test", "name": "Made then"}
    id = "01a212b4-b001-792f-8607-309ac8ca272d"
    row = {"model": "customers.customer", "pk": id, "fields": fields}
    (tmp_path / "rows.json").write_text(json.dumps([row]))

    load(tmp_path / "rows.json")

    at = Customer.objects.get(pk=id).created_at
    assert at == datetime(2026, 11, 25, 12, 36, 1, 153_574, tzinfo=UTC)


def test_generated_columns_are_not_in_a_dump(customer: Customer, tmp_path: Path) -> None:
    dump(tmp_path / "rows.json", "customers.customer")
    (row,) = json.loads((tmp_path / "rows.json").read_text())

    generated = {field.name for field in Customer._meta.concrete_fields if field.generated}
    assert generated & row["fields"].keys() == set()


def other_millisecond(fields: dict[str, Any]) -> None:
    fields["created_at"] = "2025-06-30T22:00:00.124Z"


def other_microsecond(fields: dict[str, Any]) -> None:
    fields["created_at"] = "2025-06-30T22:00:00.123457Z"


@pytest.mark.parametrize("change", [other_millisecond, other_microsecond])
def test_a_time_that_is_not_the_ids_is_refused(
    acme: Organization, tmp_path: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    factories.customer(acme, created_at=datetime(2025, 6, 30, 22, 0, 0, 123_456, tzinfo=UTC))
    dump(tmp_path / "rows.json", "customers.customer")
    rows = json.loads((tmp_path / "rows.json").read_text())
    change(rows[0]["fields"])
    (tmp_path / "rows.json").write_text(json.dumps(rows))
    Customer.objects.all().delete()

    with pytest.raises(IntegrityError, match="customer_id_tells_created_at"), transaction.atomic():
        load(tmp_path / "rows.json")


def test_users_of_a_customer_keep_their_times(customer: Customer, tmp_path: Path) -> None:
    factories.user(customer)
    before = list(CustomerUser.objects.values_list("created_at", "updated_at"))
    dump(tmp_path / "rows.json", "customers.customeruser")
    CustomerUser.objects.all().delete()

    load(tmp_path / "rows.json")

    assert list(CustomerUser.objects.values_list("created_at", "updated_at")) == before


def test_numbers_of_customers_go_on_after_a_dump(acme: Organization, tmp_path: Path) -> None:
    made = [factories.customer(acme) for _ in range(3)]
    made[1].archive()
    before = dict(Customer.objects.values_list("pk", "sequential_id"))
    path = tmp_path / "dump.json"
    dump(path, "customers")
    made[2].delete()

    load(path)

    assert dict(Customer.objects.values_list("pk", "sequential_id")) == before
    assert sorted(before.values()) == [1, 2, 3]
    assert factories.customer(acme).sequential_id == 4


def test_history_without_numbers_is_loaded_beside_any_other(
    acme: Organization, tmp_path: Path
) -> None:
    ada = factories.customer(acme, name="Ada")
    ada.revise({"name": "Ada Lovelace"})
    path, another = tmp_path / "rows.json", uuid7(ada.created_at)
    dump(path, "customers.customer", "customers.customerevent")
    rows = json.loads(path.read_text().replace(str(ada.pk), str(another)))
    for row in rows:
        row["fields"].pop("sequential_id", None)
        row["pk"] = None if row["model"] == "customers.customerevent" else row["pk"]
    path.write_text(json.dumps(rows))

    load(path)
    once = tables()
    load(path)

    assert tables() == once
    events = CustomerEvent.objects.filter(pgh_obj=another).order_by("pgh_id")
    assert [event.name for event in events] == ["Ada", "Ada Lovelace"]
    rows[-1]["fields"]["name"] = "Eve"
    path.write_text(json.dumps(rows))
    with pytest.raises(CommandError, match="another one"):
        load(path)
