"""Transactions, and advisory locks for what several of them must not do at once.

Names of locks are compared as the database compares emails: ignoring case.
"""

from contextlib import AbstractContextManager, nullcontext

from django.db import connection, transaction


def in_transaction() -> AbstractContextManager[None]:
    """The open transaction, or else a new one.

    A block of Django's `atomic` within another would make a savepoint, which only a change that the
    database may refuse needs.
    """
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


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
