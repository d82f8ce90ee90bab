"""The activity of an organization: every change once, newest first, whatever is asked for."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from customers.insights import activity
from customers.insights.activity import ActivityPage, Position, Wanted, get_activity
from customers.models import Customer, Organization
from customers.models.credential import Actor, Tenant
from customers.models.history import acting, recording
from tests import factories

ADA, KEY = Actor("staff", "1", "ada"), Actor("api_key", "k1", "live_…")
ANYTHING = Wanted()


def shown(page: ActivityPage) -> list[tuple[str, str, str]]:
    return [(line.entry.what, line.entry.verb, str(line.customer)) for line in page.lines]


def all_pages(tenant: Tenant, wanted: Wanted, limit: int) -> list[tuple[str, str, str]]:
    found, before = [], None
    while True:
        page = get_activity(tenant, wanted, limit=limit, before=before)
        assert len(page.lines) <= limit
        found += shown(page)
        before = page.next_before
        if before is None:
            return found


@pytest.fixture
def story(acme: Organization) -> Tenant:
    """What Ada, a key and an import did."""
    with acting(ADA):
        hooli = factories.customer(acme, name="Hooli")
        user = factories.user(hooli)
        factories.payment_method(hooli)
    with acting(KEY, contract="lago", reason="moved"):
        hooli.revise({"city": "Kyiv"})
        user.revise({"first_name": "Ada"})
    with recording(**{"import": "01a2"}):
        factories.customer(acme, name="Raviga").archive()
    Customer.objects.get(name="Raviga").restore()
    user.remove()
    return hooli.tenant


EVERYTHING = [
    ("user", "removed", "Hooli"),
    ("customer", "restored", "Raviga"),
    ("customer", "archived", "Raviga"),
    ("customer", "created", "Raviga"),
    ("user", "changed", "Hooli"),
    ("customer", "changed", "Hooli"),
    ("payment_method", "created", "Hooli"),
    ("user", "created", "Hooli"),
    ("customer", "created", "Hooli"),
]


@pytest.mark.parametrize("limit", [1, 2, 3, 50])
def test_every_change_is_on_one_page(story: Tenant, limit: int) -> None:
    assert all_pages(story, ANYTHING, limit) == EVERYTHING


@pytest.mark.parametrize("limit", [1, 2, 50])
@pytest.mark.parametrize("window", [1, 2, 4, 1000])
@pytest.mark.parametrize(
    ("wanted", "numbers"),
    [
        (Wanted(what="user"), [0, 4, 7]),
        (Wanted(verb="created"), [3, 6, 7, 8]),
        (Wanted(verb="changed"), [4, 5]),
        (Wanted(verb="archived"), [2]),
        (Wanted(verb="restored"), [1]),
        (Wanted(verb="removed"), [0]),
        (Wanted(actor=("staff", "1")), [6, 7, 8]),
        (Wanted(actor=("api_key", "k1"), what="customer"), [5]),
        (Wanted(contract="lago"), [4, 5]),
        (Wanted(contract="vatly"), []),
        (Wanted(reason="MOVE"), [4, 5]),
        (Wanted(import_id=uuid4()), []),
    ],
)
def test_what_is_asked_for_is_found_however_little_is_looked_at_at_once(
    story: Tenant,
    wanted: Wanted,
    numbers: list[int],
    limit: int,
    window: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(activity, "WINDOW", window)

    assert all_pages(story, wanted, limit) == [EVERYTHING[number] for number in numbers]


def test_a_page_that_was_not_filled_says_how_far_it_looked(
    story: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "WINDOW", 2)
    page = get_activity(story, Wanted(contract="vatly"), limit=50)

    assert page.lines == []
    assert page.searched_to is not None
    assert page.next_before is not None
    assert page.next_before.at == page.searched_to


def test_the_changes_of_one_customer(story: Tenant) -> None:
    hooli = Customer.objects.get(name="Hooli")
    found = all_pages(story, Wanted(customer_id=hooli.pk), 2)

    assert found == [each for each in EVERYTHING if each[2] == "Hooli"]


def test_a_time_is_inclusive(story: Tenant) -> None:
    page = get_activity(story, ANYTHING, limit=50)
    third = page.lines[2].entry.at

    assert shown(get_activity(story, Wanted(since=third), limit=50)) == EVERYTHING[:3]
    assert shown(get_activity(story, Wanted(until=third), limit=50)) == EVERYTHING[2:]
    later = timezone.now() + timedelta(days=1)
    assert shown(get_activity(story, Wanted(since=later), limit=50)) == []


def test_changes_of_others_are_not_shown(story: Tenant, globex: Organization) -> None:
    factories.customer(globex, name="Secret")
    factories.customer(Organization.objects.get(slug="acme"), mode="test", name="In test data")

    assert all_pages(story, ANYTHING, 50) == EVERYTHING


def test_a_position_is_read_as_it_was_written() -> None:
    position = Position(timezone.now(), 2, 17)

    assert Position.read(str(position)) == position


@pytest.mark.parametrize(
    "text", ["", "x", "1_2_3", "2026-01-01_0_1", "2026-01-01T00:00:00Z_0_x", "a_b", "_" * 9]
)
def test_what_is_no_position_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (int and datetime word it)
        Position.read(text)


def test_a_page_needs_as_many_queries_for_many_customers(
    acme: Organization, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        customer = factories.customer(acme, name=f"Customer {number}")
        factories.user(customer)
    with django_assert_max_num_queries(8):
        page = get_activity(customer.tenant, ANYTHING, limit=50)

    assert len(page.lines) == 40
