"""Clocks that show another time, so that the demo's history has its own times.

No trigger is turned off: the history's triggers call PostgreSQL's `clock_timestamp()`, and within
one transaction of the demo that name finds a function of the demo's. No other session sees it, and
it is gone when the transaction ends, however that ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from unittest.mock import patch

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.utils import timezone

from billing.demo.chance import Bits
from customers.values.uuid7 import uuid7

_STOP = """
CREATE FUNCTION public.clock_timestamp() RETURNS timestamptz LANGUAGE sql
    AS $$ SELECT current_setting('demo.clock')::timestamptz $$;
SET LOCAL search_path = public, pg_catalog;
"""
_START = """
SET LOCAL search_path TO DEFAULT;
DROP FUNCTION public.clock_timestamp();
"""


@contextmanager
def stopped() -> Iterator[None]:
    """A transaction in which `showing` sets the time. Only with DEBUG on."""
    if not settings.DEBUG:
        raise ImproperlyConfigured("Only the demo writes history of another time: DEBUG=1 only.")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_STOP)
        yield
        cursor.execute(_START)


@contextmanager
def showing(at: datetime, key: str) -> Iterator[None]:
    """Make it `at`, for PostgreSQL and for Django, and make ids from `key`."""

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return at.astimezone(tz)

    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('demo.clock', %s, true)", [at.isoformat()])
    with (
        patch.object(timezone, "datetime", Stopped),
        patch(f"{uuid7.__module__}.secrets", Bits(key)),
    ):
        yield
