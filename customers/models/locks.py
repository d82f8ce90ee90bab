"""Advisory locks, for what several transactions must not do at once and no row can be locked for.

Names are compared as the database compares emails: ignoring case.
"""

from django.db import connection


def wait_for_lock(*names: object) -> None:
    """Wait for the lock of this name, and hold it until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(lower(%s), 0))", [_name(names)]
        )


def try_lock(*names: object) -> bool:
    """Hold the lock of this name until the transaction ends, unless another transaction has it.

    Returns whether it is held.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(lower(%s), 0))", [_name(names)]
        )
        return bool(cursor.fetchone()[0])


def _name(parts: tuple[object, ...]) -> str:
    return " ".join(map(str, parts))
