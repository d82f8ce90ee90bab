"""`manage.py twin`: a fixture that is loaded anywhere, and in which all is as in the original."""

from __future__ import annotations

import json
import unicodedata
from collections import defaultdict
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from customers.models import Customer, CustomerNote, CustomerUser, Organization, PaymentMethod
from customers.models.matching import matching
from customers.values.cus_ids import encode
from tests import factories
from tests.dumps.support import empty
from tests.twin.support import (
    Rows,
    fields,
    load,
    stored,
    write_history,
    write_twin,
)

pytestmark = pytest.mark.django_db

MODELS: tuple[Any, ...] = (Organization, Customer, CustomerUser, PaymentMethod, CustomerNote)


def test_it_is_loaded_beside_the_original_and_all_that_was_equal_is(
    acme: Organization, tmp_path: Path
) -> None:
    call_command("loaddata", "demo", verbosity=0)
    write_history(acme)
    rows = write_twin(tmp_path / "twin.json")
    before = {model: list(model.objects.order_by("pk")) for model in MODELS}
    count = len(stored())

    load(tmp_path / "twin.json")

    once = stored()
    assert len(once) == 2 * count
    load(tmp_path / "twin.json")
    assert sorted(map(str, stored())) == sorted(map(str, once))
    call_command("verify_history", stdout=StringIO())
    for model in MODELS:
        for row in model.objects.exclude(pk__in=[row.pk for row in before[model]]):
            row.clean_fields()
    assert_one_to_one(before, rows)


def assert_one_to_one(before: dict[Any, list[Any]], rows: Rows) -> None:
    """Equal values are equal in the twin, whatever their case, and different ones are not."""
    stands_for, made_of = defaultdict(set), defaultdict(set)
    for model, originals in before.items():
        twins = [row for row in rows if row["model"] == model._meta.label_lower]
        assert len(twins) == len(originals)
        for original, twin in zip(originals, twins, strict=True):
            for name in ("name", "email", "external_id", "city", "first_name", "last4", "slug"):
                value, made = getattr(original, name, None), twin["fields"].get(name)
                assert (value is None) is (made is None)
                if value is not None:
                    assert len(made) == len(value)
                    stands_for[made.casefold()].add(value.casefold())
                    made_of[value.casefold()].add(made.casefold())
    assert max(map(len, stands_for.values())) == 1
    assert max(map(len, made_of.values())) == 1
    assert len(made_of) > 250


@pytest.mark.django_db(transaction=True)
def test_it_is_loaded_into_an_empty_database(tmp_path: Path) -> None:
    write_history(factories.organization("acme", "Acme"))
    write_twin(tmp_path / "twin.json")
    empty()

    load(tmp_path / "twin.json")

    call_command("verify_history", stdout=StringIO())
    ada = Customer.objects.get(country="GB")
    other = Customer.objects.archived().get()
    assert (ada.email or "").lower() == other.email
    assert (ada.city or "").lower() == other.city
    assert [ada.sequential_id, other.sequential_id] == [1, 2]
    assert ada.default_payment_method == ada.payment_methods.get()
    assert list(ada.not_duplicates.values_list("other", flat=True)) == [other.pk]
    assert ada.notes.get().is_pinned
    assert factories.customer(ada.organization).sequential_id == 3
    assert matching(Customer.objects.all(), ada.name or "").get() == ada


def test_history_tells_the_same_story(acme: Organization, tmp_path: Path) -> None:
    ada, _ = write_history(acme)
    rows = write_twin(tmp_path / "twin.json", ada)
    events = fields(rows, "customerevent")
    contexts = [event["pgh_context"] for event in events]

    assert [event["version"] for event in events] == list(range(1, ada.version + 1))
    first, *_, last = events
    assert first["city"] == last["city"] != events[-2]["city"]
    assert len({event["city"] for event in events}) == 2
    assert [context["actor"]["kind"] for context in contexts] == [
        *("staff", "api_key", "command", "command")
    ]
    assert [context.get("contract") for context in contexts] == [None, "lago", None, None]
    assert contexts[-1]["actor"] == {"kind": "command", "id": "demo", "label": "manage.py demo"}
    assert contexts[1]["actor"]["id"] == first["pgh_obj"]
    users = fields(rows, "customeruserevent")
    assert [event["pgh_label"] for event in users] == ["insert", "insert", "delete", "insert"]
    assert {event["pgh_context"]["request_id"] for event in users} == {contexts[1]["request_id"]}
    assert fields(rows, "customernote")[0]["author"] is None
    assert fields(rows, "customernote")[0]["author_label"] == contexts[0]["actor"]["label"]


def test_what_is_not_personal_stays(acme: Organization, tmp_path: Path) -> None:
    ada, other = write_history(acme)
    rows = write_twin(tmp_path / "twin.json")
    (first, second) = fields(rows)

    assert (first["country"], first["mode"], first["version"]) == ("GB", "live", ada.version)
    assert second["archived_at"] == f"{other.archived_at:%Y-%m-%dT%H:%M:%S.%fZ}"
    (card,) = fields(rows, "paymentmethod")
    assert [card[name] for name in ("type", "brand", "processor", "exp_month", "exp_year")] == [
        *("card", "visa", "stripe", 8, 2030)
    ]
    assert card["last4"] != "4242"
    assert second["name"] is None


def test_keys_of_metadata_stay_if_they_are_named(acme: Organization, tmp_path: Path) -> None:
    ada, _ = write_history(acme)
    path = tmp_path / "twin.json"
    (made,) = (row["metadata"] for row in fields(write_twin(path, ada)))
    (kept,) = (
        row["metadata"] for row in fields(write_twin(path, ada, keep_keys=["note", "empty"]))
    )

    assert not made.keys() & ada.metadata.keys()
    assert kept.keys() & ada.metadata.keys() == {"note", "empty"}
    assert kept["empty"] == ""
    assert "card" not in kept.values()


def test_the_seed_decides(acme: Organization, tmp_path: Path) -> None:
    ada, other = write_history(acme)

    def text(*customers: object, seed: str | None = "a seed") -> str:
        write_twin(tmp_path / "twin.json", *customers, seed=seed)
        return (tmp_path / "twin.json").read_text("utf-8")

    once = text(ada, other)
    assert text(other, ada) == once
    assert text(ada, other, seed="another") != once
    assert text(ada, other, seed=None) not in (once, text(ada, other, seed=None))


@pytest.mark.parametrize(
    ("values", "field"),
    [({"name": "🦾🦾🦾🦾"}, "name"), ({"name": "A", "metadata": {"a": "☎☎☎☎"}}, "metadata")],
)
def test_what_cannot_be_replaced_is_refused_by_name(
    acme: Organization, tmp_path: Path, values: dict[str, Any], field: str
) -> None:
    fine, odd = factories.customer(acme, name="Ada"), factories.customer(acme, **values)

    with pytest.raises(CommandError, match=f"customer {odd.pk}: {field} of a customer") as refused:
        write_twin(tmp_path / "twin.json", fine, odd)

    assert "🦾" not in str(refused.value)
    assert str(fine.pk) not in str(refused.value)
    assert list(tmp_path.iterdir()) == []


def test_a_customer_is_found_by_any_id(
    acme: Organization, globex: Organization, tmp_path: Path
) -> None:
    ada = factories.customer(acme, external_id="KEY-1", name="Ada")
    factories.customer(globex, external_id="KEY-1")
    path = tmp_path / "twin.json"
    once = write_twin(path, ada)

    assert write_twin(path, encode(ada.pk)) == once
    assert write_twin(path, "KEY-1", organization="acme") == once
    assert write_twin(path, "KEY-1", ada, organization="acme") == once
    assert write_twin(path, all=True, organization="acme") == once
    with pytest.raises(CommandError, match="--organization"):
        write_twin(path, "KEY-1")
    with pytest.raises(CommandError, match="no customer"):
        write_twin(path, ada, organization="globex")
    with pytest.raises(CommandError, match="Give customers"):
        call_command("twin")
    with pytest.raises(CommandError, match="cannot be written: No such file"):
        write_twin(tmp_path / "none" / "twin.json", ada)


def test_an_external_id_of_several_is_refused(acme: Organization, tmp_path: Path) -> None:
    factories.customer(acme, external_id="KEY-1").archive()
    again = factories.customer(acme, external_id="KEY-1")
    factories.customer(acme, "test", external_id="KEY-1")
    path = tmp_path / "twin.json"

    with pytest.raises(CommandError, match=str(again.pk)):
        write_twin(path, "KEY-1", organization="acme")
    assert len(fields(write_twin(path, "KEY-1", organization="acme", mode="test"))) == 1


def test_without_a_file_it_is_written_to_standard_output(
    acme: Organization, tmp_path: Path
) -> None:
    factories.customer(acme, name=unicodedata.normalize("NFD", "Zoë Łódź"))
    rows = write_twin(tmp_path / "twin.json")
    out, err = StringIO(), StringIO()

    call_command("twin", all=True, seed="a seed", stdout=out, stderr=err)

    assert json.loads(out.getvalue()) == rows
    assert "Proved: none of" in err.getvalue()
