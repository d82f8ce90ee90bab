"""The figures of the home page, and what counts as a possible duplicate."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine

from customers.insights import figures
from customers.insights.duplicates import possible_duplicates
from customers.insights.figures import count, figures_of, month_range, months_until
from customers.models import Customer, Figures, Organization, PossibleDuplicate
from customers.models.credential import Tenant
from tests import factories

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def tenant(acme: Organization) -> Tenant:
    return factories.tenant(acme)


def numbers(tenant: Tenant) -> dict[str, Any]:
    found = count(tenant)
    assert found is not None
    return dict(found.numbers)


def pair(acme: Organization, one: dict[str, Any], other: dict[str, Any]) -> list[Customer]:
    return [factories.customer(acme, **one), factories.customer(acme, **other)]


ALIKE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "email": ({"email": "ada@example.org"}, {"email": "ada@example.org"}),
    "email in another case": ({"email": "ada@example.org"}, {"email": "Ada@EXAMPLE.org"}),
    "EIN": ({"ein": "12-3456789"}, {"ein": "12-3456789"}),
    "EIN without its dash": ({"ein": "12-3456789"}, {"ein": "123456789"}),
    "legal number": ({"legal_number": "HRB 123"}, {"legal_number": "HRB 123"}),
    "name and postal code": (
        {"name": "Coleman-Blair", "postal_code": "SW1A 2AA"},
        {"name": "coleman blair", "postal_code": "sw1a-2aa"},
    ),
    "name but for its accents": (
        {"name": "Café Zürich", "postal_code": "8001"},
        {"name": "Cafe Zurich", "postal_code": "8001"},
    ),
}
UNLIKE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "name alone": ({"name": "Hooli"}, {"name": "Hooli"}),
    "postal code alone": (
        {"name": "One", "postal_code": "8001"},
        {"name": "Two", "postal_code": "8001"},
    ),
    "name, and a postal code of one only": (
        {"name": "Hooli", "postal_code": "8001"},
        {"name": "Hooli"},
    ),
    "nothing at all": ({"city": "Kyiv"}, {"city": "Kyiv"}),
    "phone": ({"phone": "+49 30 123456"}, {"phone": "+49 30 123456"}),
    "another legal number": ({"legal_number": "HRB 123"}, {"legal_number": "HRB 1234"}),
    "the beginning of an email": ({"email": "a@example.org"}, {"email": "a@example.organic"}),
}


@pytest.mark.parametrize("rule", ALIKE)
def test_customers_alike_by_one_rule_are_possible_duplicates(
    acme: Organization, tenant: Tenant, rule: str
) -> None:
    one, other = pair(acme, *ALIKE[rule])
    factories.customer(acme, name="Somebody else", email="else@example.org")

    assert numbers(tenant)["duplicates"] == 2
    assert set(PossibleDuplicate.objects.values_list("pk", flat=True)) == {one.pk, other.pk}
    assert [found.customer for found in possible_duplicates(one, 10)] == [other]
    assert [found.customer for found in possible_duplicates(other, 10)] == [one]


@pytest.mark.parametrize("rule", UNLIKE)
def test_customers_alike_in_anything_else_are_not(
    acme: Organization, tenant: Tenant, rule: str
) -> None:
    one, _other = pair(acme, *UNLIKE[rule])

    assert numbers(tenant)["duplicates"] == 0
    assert not possible_duplicates(one, 10)


def test_the_reason_is_the_criterion_that_both_meet(acme: Organization) -> None:
    alike_by_name = {"name": "Hooli", "postal_code": "8001"}
    one, _other = pair(
        acme,
        {**alike_by_name, "legal_number": "ab1", "email": "a@example.org"},
        {**alike_by_name, "legal_number": "AB1", "email": "A@example.org"},
    )

    (found,) = possible_duplicates(one, 10)

    assert found.reasons == ["email", "name and postal code"]


@pytest.mark.parametrize("rule", ALIKE)
def test_archived_ones_and_those_of_elsewhere_are_left_out(
    acme: Organization, globex: Organization, tenant: Tenant, rule: str
) -> None:
    one, other = pair(acme, *ALIKE[rule])
    factories.customer(globex, **ALIKE[rule][0])
    factories.customer(acme, "test", **ALIKE[rule][0])
    assert numbers(tenant)["duplicates"] == 2

    other.archive()

    assert numbers(tenant)["duplicates"] == 0
    assert not PossibleDuplicate.objects.exists()
    assert not possible_duplicates(one, 10)


def test_counting_leaves_others_duplicates_alone(acme: Organization, globex: Organization) -> None:
    for organization in (acme, globex):
        pair(organization, *ALIKE["email"])
        count(factories.tenant(organization))

    assert PossibleDuplicate.objects.count() == 4


@pytest.mark.parametrize(
    ("month", "year", "is_found"),
    [(10, 2026, True), (11, 2026, True), (12, 2026, True), (1, 2027, False), (2, 2027, False)],
)
def test_cards_that_expire_within_sixty_days_are_counted(
    acme: Organization, tenant: Tenant, month: int, year: int, *, is_found: bool
) -> None:
    card = factories.customer(acme)
    factories.payment_method(card, exp_month=month, exp_year=year)

    assert numbers(tenant)["expiring"] == int(is_found)


@pytest.mark.parametrize(
    ("day", "is_found"),
    [
        (datetime(2026, 12, 1, tzinfo=UTC), False),
        (datetime(2026, 12, 1, 23, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 2, tzinfo=UTC), True),
        (datetime(2026, 12, 31, tzinfo=UTC), True),
    ],
)
def test_the_last_day_of_a_month_is_within_sixty_days_from_the_sixtieth_day_before(
    acme: Organization,
    tenant: Tenant,
    clock: time_machine.Traveller,
    day: datetime,
    *,
    is_found: bool,
) -> None:
    factories.payment_method(factories.customer(acme), exp_month=1, exp_year=2027)
    clock.move_to(day)

    assert numbers(tenant)["expiring"] == int(is_found)


def test_months_and_countries_add_up_to_the_live_customers(
    acme: Organization, tenant: Tenant
) -> None:
    for country, created in [
        ("DE", NOW),
        ("DE", datetime(2026, 10, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        ("US", datetime(2026, 11, 1, tzinfo=UTC)),
        (None, datetime(2024, 12, 1, tzinfo=UTC)),
        (None, datetime(2024, 11, 30, 23, 59, 59, tzinfo=UTC)),
    ]:
        factories.customer(acme, country=country, created_at=created)
    factories.customer(acme, country="FR").archive()
    factories.customer(acme, "test", country="IT")

    found = numbers(tenant)

    assert (found["live"], found["archived"]) == (5, 1)
    assert {month: n for month, n in found["months"] if n} == {
        "2026-11": 2,
        "2026-10": 1,
        "2024-12": 1,
    }
    assert found["countries"][-1] == ["US", 1]
    assert sorted(map(str, found["countries"])) == ["['DE', 2]", "['US', 1]", "[None, 2]"]


def test_there_are_two_years_of_months() -> None:
    months = months_until(NOW.date())

    assert (len(months), months[0], months[-1]) == (24, "2024-12", "2026-11")
    for month, following in pairwise(months):
        assert month_range(month)[1] + timedelta(microseconds=1) == month_range(following)[0]


def test_they_are_counted_anew_after_ten_minutes(
    acme: Organization,
    tenant: Tenant,
    clock: time_machine.Traveller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    factories.customer(acme)
    first = figures_of(tenant)
    monkeypatch.setattr(figures, "last_change", lambda _tenant: NOW - timedelta(days=1))
    clock.move_to(NOW + timedelta(minutes=9, seconds=59))
    assert figures_of(tenant) == first

    clock.move_to(NOW + timedelta(minutes=10))
    anew = figures_of(tenant)

    assert anew is not None
    assert (anew.numbers["live"], anew.taken_at) == (1, NOW + timedelta(minutes=10))
    assert Figures.objects.count() == 1


def test_each_organization_and_mode_has_its_own(acme: Organization, globex: Organization) -> None:
    factories.customer(acme)
    for organization, mode in ((acme, "live"), (acme, "test"), (globex, "live")):
        found = figures_of(factories.tenant(organization, mode))
        assert found is not None
        assert found.numbers["live"] == int((organization, mode) == (acme, "live"))


def test_what_is_old_is_shown_while_many_are_counted(
    acme: Organization, tenant: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[object] = []

    class Begun:
        def __init__(self, **given: Any) -> None:
            begun.append(given)

        def start(self) -> None: ...

    monkeypatch.setattr(figures, "EXACT_COUNT", 1)
    monkeypatch.setattr(figures, "Thread", Begun)
    for _ in range(2):
        factories.customer(acme)

    assert figures_of(tenant) is None
    count(tenant)
    assert figures_of(tenant) is not None
    assert len(begun) == 1  # what is fresh is not counted again


def test_the_countries_of_a_list_are_those_that_are_there(
    acme: Organization, globex: Organization, tenant: Tenant
) -> None:
    for country in ("DE", "US", "DE", None):
        factories.customer(acme, country=country)
    factories.customer(acme, country="AT").archive()
    factories.customer(acme, "test", country="IT")
    factories.customer(globex, country="FR")

    assert Customer.objects.all().countries_present(tenant) == ["AT", "DE", "US"]
