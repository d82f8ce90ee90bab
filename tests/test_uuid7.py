"""Ids that show the time of their row."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.values.uuid7 import created_at, first_uuid7, last_uuid7, uuid7

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

times = st.datetimes(min_value=EPOCH.replace(tzinfo=None), timezones=st.just(UTC))


def test_an_id_is_a_uuid_of_version_7() -> None:
    id = uuid7(datetime(2026, 3, 4, tzinfo=UTC))

    assert (id.version, id.variant) == (7, RFC_4122)


def test_the_first_48_bits_are_milliseconds_as_the_standard_says() -> None:
    # The example of RFC 9562, appendix A.6: 2022-02-22 14:22:22 in New York.
    at = datetime(2022, 2, 22, 14, 22, 22, tzinfo=timezone(timedelta(hours=-5)))

    assert str(uuid7(at)).startswith("017f22e2-79b0-7000-")


@given(times)
def test_an_id_shows_its_time_to_the_microsecond(at: datetime) -> None:
    assert created_at(uuid7(at)) == at


def test_each_microsecond_of_a_millisecond_is_distinguished() -> None:
    times = [EPOCH + timedelta(days=20_000, microseconds=number) for number in range(2001)]

    ids = [first_uuid7(at) for at in times]

    assert [created_at(id) for id in ids] == times
    assert ids == sorted(set(ids))


@given(times, times)
def test_the_order_of_ids_is_the_order_of_times(one: datetime, other: datetime) -> None:
    if one != other:
        assert (uuid7(one) < uuid7(other)) == (one < other)


@given(times.filter(lambda at: at > EPOCH and at < datetime.max.replace(tzinfo=UTC)))
def test_a_range_of_ids_is_a_range_of_times(at: datetime) -> None:
    assert first_uuid7(at) <= uuid7(at) <= last_uuid7(at)
    assert last_uuid7(at - MICROSECOND) < first_uuid7(at)
    assert last_uuid7(at) < first_uuid7(at + MICROSECOND)


def test_the_bounds_are_reached() -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)

    assert uuid7(at, random=0) == first_uuid7(at)
    assert uuid7(at, random=(1 << 62) - 1) == last_uuid7(at)


def test_a_given_random_part_never_spills_into_time_or_version() -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)

    assert uuid7(at, random=(1 << 80) - 1) == last_uuid7(at)


def test_ids_of_one_time_differ() -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)

    assert len({uuid7(at) for _ in range(1000)}) == 1000


def test_the_zone_of_a_time_does_not_matter() -> None:
    utc = datetime(2026, 3, 4, 12, tzinfo=UTC)
    tokyo = utc.astimezone(timezone(timedelta(hours=9)))

    assert first_uuid7(utc) == first_uuid7(tokyo)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        uuid7(datetime(2026, 3, 4))  # noqa: DTZ001


def test_a_time_before_1970_is_refused() -> None:
    with pytest.raises(ValueError, match="1970"):
        uuid7(EPOCH - MICROSECOND)


def test_a_range_may_begin_before_1970() -> None:
    before = datetime(1900, 1, 1, tzinfo=UTC)

    assert first_uuid7(before) == first_uuid7(EPOCH)


def test_a_range_that_ends_before_1970_has_no_row() -> None:
    assert last_uuid7(EPOCH - MICROSECOND) == UUID(int=0) < first_uuid7(EPOCH)
