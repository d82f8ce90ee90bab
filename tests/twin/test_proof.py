"""No original value is in a twin, and the proof of that finds one wherever it is."""

from __future__ import annotations

import copy
import re
import unicodedata
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from billing.demo.history import add_history
from customers.models import Organization
from customers.staff.models import StaffUser
from customers.twin.originals import Originals
from customers.twin.proof import survivors
from customers.twin.replacements import Replacements
from customers.values.cus_ids import encode
from tests.twin.support import Rows, load, stored, write_history, write_twin

pytestmark = pytest.mark.django_db

# Columns that a twin keeps, as the database calls them, and those of one database alone.
KEPT = frozenset(
    {
        *("mode", "country", "type", "pgh_label", "created_at", "updated_at", "archived_at"),
        *("pgh_created_at", "said_at", "brand", "processor", "pgh_xid", "pgh_id"),
    }
)
CONTEXTS = frozenset(
    {
        *("actor", "contract", "request_id", "reason", "import", "kind", "id", "label"),
        *("staff", "api_key", "oauth_client", "command", "demo", "manage.py demo"),
        *("alternative-payments", "billabear", "lago", "registry", "vatly"),
    }
)
# What stays of texts. An id begins with a time, in which a short text is by chance.
STAYS = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-|https?://|\.(?:example|test)\b")


def spelled(text: str) -> str:
    """The text in the form of NFKC_Casefold."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", text).casefold())


def texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value, the keys of metadata too."""
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, str):
        yield value


def originals() -> set[str]:
    """Every text of four characters and more that the database has of customers."""
    found = set()
    for _table, row in stored():
        context = row.pop("pgh_context", None) or {}
        columns = [value for name, value in row.items() if name not in KEPT]
        found |= {text for value in columns for text in texts(value)}
        found |= set(texts(context)) - CONTEXTS
    return {spelled(text) for text in found if len(text) >= 4}


def checked(rows: Rows) -> Iterator[str]:
    """Every text in a twin beside those that are kept."""
    for row in rows:
        yield row["pk"] or ""
        for name, value in row["fields"].items():
            if name == "pgh_context" and value:
                yield from (text for text in texts(value) if text not in CONTEXTS)
            elif name not in KEPT:
                yield from texts(value)


def left(rows: Rows, sought: set[str]) -> set[str]:
    everything = STAYS.sub(" ", "\n".join(map(spelled, checked(rows))))
    return {text for text in sought if text in everything}


def test_nothing_of_the_whole_demo_is_left(tmp_path: Path) -> None:
    call_command("loaddata", "demo", verbosity=0)
    write_history(Organization.objects.get(slug="demo-acme"))
    sought = originals()

    rows = write_twin(tmp_path / "twin.json")

    assert len(sought) > 700
    assert left(rows, sought) == set()
    assert sum(row["model"] == "customers.customer" for row in rows) == 47


@pytest.mark.slow
def test_nothing_of_the_demo_with_its_two_years_is_left(tmp_path: Path, settings: Settings) -> None:
    settings.DEBUG = True
    call_command("loaddata", "demo", verbosity=0)
    StaffUser.objects.create(username="demo", is_staff=True, is_superuser=True)
    add_history()
    sought = originals()

    rows = write_twin(tmp_path / "twin.json")

    assert len(sought) > 2000
    assert left(rows, sought) == set()
    load(tmp_path / "twin.json")
    call_command("verify_history", stdout=StringIO())


@pytest.fixture
def twin(acme: Organization, tmp_path: Path) -> tuple[Rows, Originals]:
    """A twin, and what must not be in it."""
    ada, _ = write_history(acme)
    sought = Originals()
    for text in ("Ada Lovelace", "MARYLEBONE", "Łódź Engines", "北京云海科技有限公司", "Zoë Bébé"):
        sought.add(text)
    sought.add_id(ada.pk)
    return write_twin(tmp_path / "twin.json"), sought


Plant = Callable[[Rows], None]


def plant(model: str, field: str, value: Any) -> Plant:
    """Put a value into the first row of a model."""

    def put(rows: Rows) -> None:
        first = next(row for row in rows if row["model"] == f"customers.{model}")
        first["fields"][field] = value

    return put


def plant_in_context(*path: str, value: str) -> Plant:
    def put(rows: Rows) -> None:
        events = [row["fields"] for row in rows if row["model"] == "customers.customerevent"]
        place = next(event["pgh_context"] for event in events if event["pgh_context"])
        for key in path[:-1]:
            place = place[key]
        place[path[-1]] = value

    return put


PLANTED = {
    "whole": plant("customer", "name", "Ada Lovelace"),
    "word in a longer text": plant("customernote", "text", "xx lovelaces yy"),
    "in capitals": plant("customeruser", "first_name", "LOVELACE"),
    "decomposed": plant("customer", "city", unicodedata.normalize("NFD", "łódź engines")),
    "full-width": plant("customer", "city", "Ｍａｒｙｌｅｂｏｎｅ"),
    "with unseen characters": plant("customer", "city", "mary\u00adle\u200dbone"),
    "Chinese": plant("paymentmethodevent", "bank_name", "(北京云海科技有限公司)"),
    "percent-encoded": plant("customer", "url", f"https://x.qzq/{quote('zoë bébé')}"),
    "value of metadata": plant("customer", "metadata", {"a": "marylebone"}),
    "key of metadata": plant("customer", "metadata", {"Lovelace": "a"}),
    "nested metadata": plant("customerevent", "metadata", {"a": [{"b": "lovelace"}]}),
    "domain": plant("customer", "email", "a@lovelace.example"),
    "reason": plant_in_context("reason", value="for Lovelace"),
    "label of an actor": plant_in_context("actor", "label", value="lovelace"),
    "kind of an actor": plant_in_context("actor", "kind", value="lovelace"),
    "unknown key of a context": plant_in_context("lovelace", value="1"),
    "country": plant("customer", "country", "Marylebone"),
    "mode": plant("customer", "mode", "lovelace"),
    "time": plant("customer", "created_at", "lovelace"),
    "number": plant("customer", "name", 12345),
    "unknown field": plant("customer", "nickname", "x"),
}


def test_each_planted_original_is_found(twin: tuple[Rows, Originals]) -> None:
    rows, sought = twin
    found = {}
    for name, planted in PLANTED.items():
        changed = copy.deepcopy(rows)
        planted(changed)
        found[name] = len(list(survivors(changed, sought, ())))

    assert found == dict.fromkeys(PLANTED, 1)
    assert list(survivors(rows, sought, ())) == []


def test_an_id_of_an_original_is_found(acme: Organization, twin: tuple[Rows, Originals]) -> None:
    rows, sought = twin
    ada = acme.customers.get(external_id="KEY-1")
    for text in (str(ada.pk), ada.pk.hex, encode(ada.pk), f"see {ada.pk}"):
        changed = copy.deepcopy(rows)
        plant("customer", "reference", text)(changed)
        assert len(list(survivors(changed, sought, ()))) == 1
    plant("customeruser", "customer", str(ada.pk))(rows)
    assert len(list(survivors(rows, sought, ()))) == 1


def test_a_leak_leaves_no_file(
    acme: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_history(acme)
    kept = tmp_path / "twin.json"
    kept.write_text("an earlier one")
    honest = Replacements.text
    monkeypatch.setattr(
        Replacements, "text", lambda self, text: text if "Dorset" in text else honest(self, text)
    )

    with pytest.raises(CommandError, match=r"customers\.customer\): address_line1") as refused:
        write_twin(kept)

    assert "Dorset" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["twin.json"]
    assert kept.read_text() == "an earlier one"
