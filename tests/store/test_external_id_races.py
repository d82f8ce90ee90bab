"""Writers of one external id at once, with controls in which a safeguard is off."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import ProgrammingError

from customers.models import Customer, Organization, statements
from customers.models.credential import Tenant
from customers.models.errors import ExternalIdTaken
from tests import factories
from tests.threads import (
    TIMEOUT,
    both_at_once,
    held_up_by_open_transaction,
    race,
    raised,
    without_constraint,
)

pytestmark = pytest.mark.django_db(transaction=True)

WRITERS = 16
ROUNDS = 3


@pytest.fixture
def acme(transactional_db: None) -> Organization:
    return factories.organization("acme")


@pytest.fixture
def tenant(acme: Organization) -> Tenant:
    return factories.tenant(acme)


def upsert(tenant: Tenant, values: dict[str, object]) -> Customer:
    return Customer.objects.upsert(tenant, "ext-1", values)[0]


def test_upserts_of_different_fields_make_one_row_and_lose_no_field(
    acme: Organization,
) -> None:
    for mode in ("live", "test"):
        tenant = factories.tenant(acme, mode)
        names = [{"name": f"name {number}"} for number in range(WRITERS // 2)]
        cities = [{"city": f"city {number}"} for number in range(WRITERS // 2)]

        results = race(
            *(
                lambda tenant=tenant, values=values: upsert(tenant, values)
                for values in [*names, *cities]
            )
        )

        row = Customer.objects.get(mode=mode)
        assert raised(results) == []
        assert {result.pk for result in results} == {row.pk}
        assert {"name": row.name} in names
        assert {"city": row.city} in cities
        assert row.version == WRITERS
        assert sorted(result.version for result in results) == list(range(1, WRITERS + 1))


def test_two_upserts_that_both_find_nothing_make_one_row(
    tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_at_once(monkeypatch, statements, "upsert")

    results = race(
        lambda: upsert(tenant, {"name": "Acme"}), lambda: upsert(tenant, {"city": "Berlin"})
    )

    row = Customer.objects.get()
    assert results == [row, row]
    assert (row.name, row.city, row.version) == ("Acme", "Berlin", 2)


def test_control_without_the_constraint_no_upsert_is_possible(tenant: Tenant) -> None:
    with without_constraint(Customer, "customer_external_id_unique_among_live"):
        results = race(
            lambda: upsert(tenant, {"name": "Acme"}),
            lambda: upsert(tenant, {"city": "Berlin"}),
        )

        assert [type(error) for error in raised(results)] == [ProgrammingError] * 2
        assert not Customer.objects.exists()


def test_control_a_writer_of_whole_rows_loses_a_field(tenant: Tenant) -> None:
    customer = upsert(tenant, {"name": "Acme"})
    stale = Customer.objects.get()
    customer.revise({"city": "Berlin"})

    stale.name = "New"
    stale.save()

    assert Customer.objects.get().city is None


def test_an_upsert_that_waited_for_an_archiving_makes_a_new_customer(
    tenant: Tenant,
) -> None:
    old = upsert(tenant, {"name": "Old"})

    with held_up_by_open_transaction(
        old.archive, lambda: upsert(tenant, {"name": "New"})
    ) as second:
        pass

    assert second.result(TIMEOUT) == Customer.objects.live().get()
    assert second.result().pk != old.pk
    assert Customer.objects.archived().get().name == "Old"


def test_a_restored_and_a_registered_customer_never_share_an_external_id(
    tenant: Tenant,
) -> None:
    for number in range(ROUNDS):
        values = {"external_id": f"ext-{number}"}
        archived = [Customer.objects.register(tenant, values)]
        archived[0].archive()
        archived.append(Customer.objects.register(tenant, values))
        archived[1].archive()
        copies = [Customer.objects.get(pk=archived[writer % 2].pk) for writer in range(4)]
        jobs: list[Callable[[], Any]] = [copy.restore for copy in copies]
        jobs += [partial(Customer.objects.register, tenant, values)] * 4

        results = race(*jobs)

        holder = Customer.objects.live().get(**values)
        losers = raised(results)
        assert {type(error) for error in losers} == {ExternalIdTaken}
        # To restore what is restored already is no conflict.
        assert len(losers) == len(jobs) - (2 if holder in archived else 1)


def test_a_restoring_waits_for_a_registering_and_names_its_customer(
    tenant: Tenant,
) -> None:
    archived = upsert(tenant, {"name": "Old"})
    archived.archive()

    with held_up_by_open_transaction(
        lambda: upsert(tenant, {"name": "New"}), archived.restore
    ) as second:
        pass

    error = second.exception(TIMEOUT)
    assert isinstance(error, ExternalIdTaken)
    assert error.holder == Customer.objects.live().get().pk


def test_a_registering_waits_for_a_restoring(tenant: Tenant) -> None:
    archived = upsert(tenant, {"name": "Old"})
    archived.archive()

    with held_up_by_open_transaction(
        archived.restore, lambda: Customer.objects.register(tenant, {"external_id": "ext-1"})
    ) as second:
        pass

    assert isinstance(second.exception(TIMEOUT), ExternalIdTaken)
    assert Customer.objects.live().get() == archived
