"""The questions that lists ask."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from customers.models import Customer, Organization
from tests import factories

AT = datetime(2026, 3, 4, 12, 30, 45, 123456, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

CONTAINING = [
    ("named", "name"),
    ("named", "legal_name"),
    ("reference_containing", "reference"),
    ("processor_reference_containing", "processor_reference"),
]


def customer_with(organization: Organization, field: str, value: str) -> Customer:
    values: dict[str, Any] = {field: value}
    return factories.customer(organization, **values)


def found(query: str, part: str) -> set[Customer]:
    return set(getattr(Customer.objects.all(), query)(part))


@pytest.mark.parametrize(("query", "field"), CONTAINING)
@pytest.mark.parametrize("part", ["blair", "BLAIR", "Coleman-B", "n-B", "Coleman-Blair"])
def test_a_part_is_found_ignoring_case(
    acme: Organization, query: str, field: str, part: str
) -> None:
    match = customer_with(acme, field, "Coleman-Blair")
    customer_with(acme, field, "Another")
    factories.customer(acme)

    assert found(query, part) == {match}


@pytest.mark.parametrize(("query", "field"), CONTAINING)
@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("100% sure", "0%"),
        ("snake_case", "e_c"),
        ("back\\slash", "k\\s"),
        ("ends with \\", "\\"),
        ("all \\%_ three", "\\%_"),
        ("it's", "t's"),
        ('the "quoted"', '"q'),
        ("MÜLLER", "müller"),
    ],
)
def test_no_character_is_a_wildcard(
    acme: Organization, query: str, field: str, value: str, part: str
) -> None:
    match = customer_with(acme, field, value)
    customer_with(acme, field, "1000 sure snakeXcase backslash ends with all three")

    assert found(query, part) == {match}


@pytest.mark.parametrize("part", ["%", "_", "\\", "%%", "a%c", "a_c", ".*"])
def test_a_wildcard_alone_finds_nothing(acme: Organization, part: str) -> None:
    factories.customer(acme, name="abc", reference="abc", email="abc@example.org")

    assert found("named", part) == set()
    assert found("reference_containing", part) == set()
    assert found("email_containing", part) == set()


@pytest.mark.parametrize(("query", "field"), CONTAINING)
@pytest.mark.parametrize(
    ("value", "part"),
    [
        ("Café Nord", "Cafe\u0301 N"),
        ("Cafe\u0301 Nord", "café n"),
        ("ΟΔΟΣ", "οδος"),
        ("北京云海科技", "云海"),
        ("北京云海科技", "海"),
        ("Берёза", "ёЗ"),
        ("Zq", "zq"),
        ("Zq", "q"),
    ],
)
def test_a_part_in_any_script_and_form(
    acme: Organization, query: str, field: str, value: str, part: str
) -> None:
    match = customer_with(acme, field, value)
    customer_with(acme, field, "Another")

    assert found(query, part) == {match}


@pytest.mark.parametrize(("query", "field"), CONTAINING)
@pytest.mark.parametrize(
    ("value", "part"), [("Café", "cafe"), ("Straße", "strasse"), ("a-b", "a b")]
)
def test_accents_and_signs_are_told_apart(
    acme: Organization, query: str, field: str, value: str, part: str
) -> None:
    customer_with(acme, field, value)

    assert found(query, part) == set()


def test_a_part_of_another_field_is_not_found(acme: Organization) -> None:
    factories.customer(acme, name="Acme", city="Berlin", reference="ref")

    assert found("named", "berlin") == set()
    assert found("reference_containing", "acme") == set()


def test_an_email_is_found_by_its_part(acme: Organization) -> None:
    match = factories.customer(acme, email="a_b%c@Example.org")
    factories.customer(acme, email="axbyc@example.com")

    assert found("email_containing", "EXAMPLE.ORG") == {match}
    assert found("email_containing", "a_b") == {match}
    assert found("email_containing", "b%c") == {match}


def test_a_customer_with_both_names_is_found_once(acme: Organization) -> None:
    factories.customer(acme, name="Acme", legal_name="Acme Inc.")

    assert Customer.objects.named("acme").count() == 1


@pytest.mark.parametrize("email", ["ada@example.org", "ADA@EXAMPLE.ORG"])
def test_an_email_is_found_whole_ignoring_case(acme: Organization, email: str) -> None:
    match = factories.customer(acme, email="Ada@Example.org")
    factories.customer(acme, email="ada@example.org.uk")
    factories.customer(acme, email="aada@example.org")

    assert found("with_email", email) == {match}


@pytest.mark.parametrize("pattern", ["%", "ad_@example.org", "ada@example%"])
def test_a_whole_email_is_no_pattern(acme: Organization, pattern: str) -> None:
    factories.customer(acme, email="ada@example.org")

    assert found("with_email", pattern) == set()


@pytest.mark.parametrize(
    ("start", "end", "is_found"),
    [
        (None, None, True),
        (AT, None, True),
        (AT + MICROSECOND, None, False),
        (None, AT, True),
        (None, AT - MICROSECOND, False),
        (AT, AT, True),
        (AT - MICROSECOND, AT + MICROSECOND, True),
        (AT + MICROSECOND, AT - MICROSECOND, False),
        (datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC), True),
        (None, datetime(1969, 12, 31, tzinfo=UTC), False),
        (datetime(1969, 12, 31, tzinfo=UTC), None, True),
        (datetime.max.replace(tzinfo=UTC), None, False),
    ],
)
def test_both_ends_of_a_range_of_times_are_within_it(
    acme: Organization,
    start: datetime | None,
    end: datetime | None,
    is_found: bool,  # noqa: FBT001
) -> None:
    factories.customer(acme, created_at=AT)

    assert Customer.objects.created_between(start, end).exists() == is_found


def test_every_microsecond_of_a_range_is_distinguished(acme: Organization) -> None:
    times = [AT + number * MICROSECOND for number in range(-600, 1400, 77)]
    for at in times:
        factories.customer(acme, created_at=at)

    for start, end in zip(times, times[3:], strict=False):
        rows = Customer.objects.created_between(start, end).order_by("pk")
        assert [row.created_at for row in rows] == [at for at in times if start <= at <= end]


def test_the_zone_of_a_range_is_honoured(acme: Organization) -> None:
    customer = factories.customer(acme, created_at=datetime(2026, 3, 4, 23, 30, tzinfo=UTC))
    berlin = ZoneInfo("Europe/Berlin")
    the_fifth = Customer.objects.created_between(
        datetime(2026, 3, 5, tzinfo=berlin), datetime(2026, 3, 6, tzinfo=berlin)
    )

    assert list(the_fifth) == [customer]
