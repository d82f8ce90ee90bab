"""Transactions, and advisory locks for what several of them must not do at once.

Names of locks are compared as the database compares emails: ignoring case.
"""

from contextlib import AbstractContextManager, nullcontext

from django.db import connection, transaction

from customers.models.errors import waiting
from customers.values.limits import Limits


def in_transaction() -> AbstractContextManager[None]:
    """The open transaction, or else a new one.

    A block of Django's `atomic` within another would make a savepoint, which only a change that the
    database may refuse needs.
    """
    return nullcontext() if connection.in_atomic_block else transaction.atomic()


def wait_for_lock(*names: object) -> None:
    """Wait for the lock of this name, and hold it until the transaction ends.

    Raises:
        Locked: another transaction holds it for too long.
    """
    with waiting(), connection.cursor() as cursor:
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


def extend(limits: Limits) -> None:
    """Give the transaction other limits of time."""
    connection.ensure_connection()
    connection.connection.extend(limits)


def _name(parts: tuple[object, ...]) -> str:
    return " ".join(map(str, parts))
