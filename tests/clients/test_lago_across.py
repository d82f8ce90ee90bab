"""What `lago-python-client` of 2022 writes is read by that of today, and the other way round."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.clients.conftest import Client
from tests.clients.customers import DINESH, made, of_2022, of_today

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("clients")]

ODD_IDS = [
    "a/b",
    "a b",
    "50%",
    "%2F",
    "a.b",
    "a?b=c#d",
    "Zoë & Söhne",
    "株式会社",
    "openapi.json",
]


def test_what_2022_writes_is_read_today(lago_2022: Client, lago_today: Client) -> None:
    (written,) = lago_2022.take(("create", {"customer_id": "shared", **DINESH}))
    read, listed = lago_today.take(("find", "shared"), ("find_all", {}))

    assert made(read) == of_today("shared", **DINESH)
    assert read["lago_id"] == written["lago_id"]
    assert read["created_at"] == written["created_at"]
    assert listed["customers"] == [read]


def test_what_today_writes_is_read_by_2022(lago_2022: Client, lago_today: Client) -> None:
    (written,) = lago_today.take(("create", {"external_id": "shared", **DINESH}))
    read, listed = lago_2022.take(("find", "shared"), ("find_all", None))

    assert made(read) == of_2022("shared", **DINESH)
    assert read["lago_id"] == written["lago_id"]
    assert read["created_at"] == written["created_at"]
    assert listed["customers"] == [read]


def test_each_updates_and_destroys_what_the_other_made(
    lago_2022: Client, lago_today: Client
) -> None:
    (first,) = lago_2022.take(("create", {"customer_id": "shared", "name": "One", "city": "Ulm"}))
    (second,) = lago_today.take(("create", {"external_id": "shared", "state": "BW"}))
    third, _ = lago_2022.take(
        ("create", {"customer_id": "shared", "name": "Two"}), ("destroy", "shared")
    )
    (gone,) = lago_today.take(("find", "shared"))

    assert made(second) == of_today("shared", name="One", city="Ulm", state="BW")
    assert made(third) == of_2022("shared", name="Two")  # it sends null for all that is not set
    assert first["lago_id"] == second["lago_id"] == third["lago_id"]
    assert gone["refused"] == 404


def test_ids_of_any_characters_are_found_by_both(lago_2022: Client, lago_today: Client) -> None:
    """The clients put an id into the address as it is, so a caller quotes it."""
    quoted = [quote(each, safe="") for each in ODD_IDS]
    written = lago_2022.take(*(("create", {"customer_id": each, "name": each}) for each in ODD_IDS))
    by_2022 = lago_2022.take(*(("find", each) for each in quoted))
    by_today = lago_today.take(
        *(("find", each) for each in quoted), *(("destroy", each) for each in quoted)
    )

    assert [customer["customer_id"] for customer in by_2022] == ODD_IDS
    assert [customer["lago_id"] for customer in by_2022] == [each["lago_id"] for each in written]
    assert [customer["external_id"] for customer in by_today] == [*ODD_IDS, *ODD_IDS]
    assert lago_today.take(("find_all", {}))[0]["customers"] == []
