"""UUIDv7 ids that carry their row's `created_at` to the microsecond (RFC 9562, 5.7 and 6.2).

The first 48 bits are milliseconds since 1970. `rand_a` (12 bits) holds the microseconds within the
millisecond as a fraction (method 3 of section 6.2), so that the order of ids is the order of
creation, and a range of times is a range of ids. The remaining 62 bits are random.
"""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RANDOM_BITS = 62
_MAX_RANDOM = (1 << _RANDOM_BITS) - 1


def uuid7(at: datetime, *, random: int | None = None) -> UUID:
    """The id of a row created at `at`; a given `random` (62 bits) makes it reproducible.

    Raises:
        ValueError: `at` is naive or before 1970.
    """
    if at.tzinfo is None:
        raise ValueError("a UUIDv7 needs a time with a zone")
    milliseconds, microseconds = divmod((at - _EPOCH) // _MICROSECOND, 1000)
    if milliseconds < 0:
        raise ValueError("a UUIDv7 cannot hold a time before 1970")
    fraction = microseconds * 4096 // 1000
    low = secrets.randbits(_RANDOM_BITS) if random is None else random & _MAX_RANDOM
    return UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | low)


def first_uuid7(at: datetime) -> UUID:
    """The smallest id a row created at `at` can have; before 1970, the smallest there is."""
    return uuid7(max(at, _EPOCH), random=0)


def last_uuid7(at: datetime) -> UUID:
    """The largest id a row created at `at` can have; before 1970, one that no row has."""
    return uuid7(at, random=_MAX_RANDOM) if at >= _EPOCH else UUID(int=0)


def created_at(id: UUID) -> datetime:
    """The time that the id contains, to the microsecond."""
    fraction = id.int >> 64 & 0xFFF
    microseconds = (id.int >> 80) * 1000 + -(-fraction * 1000 // 4096)
    return _EPOCH + timedelta(microseconds=microseconds)
