"""Checks of the settings of the server: `manage.py check --deploy --database default`."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Tags, register
from django.db import connections

from billing.front.lanes import connections_of


@register(deploy=True)
def limits_are_shown(**_: Any) -> list[CheckMessage]:
    """Show the limits of each kind of work: this is for reading, and never fails."""
    return [
        checks.Debug(f"Limits in seconds of {kind}: {limits}.", id="billing.D001")
        for kind, limits in settings.DATABASE_LIMITS.items()
    ]


@register(Tags.database, deploy=True)
def connections_suffice(databases: Sequence[str] | None = None, **_: Any) -> list[CheckMessage]:
    """One server with these settings must leave PostgreSQL connections for commands."""
    wanted = connections_of(settings.WORKERS, settings.API_THREADS, settings.PAGE_THREADS)
    found: list[CheckMessage] = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT current_setting('max_connections')::int"
                " - current_setting('superuser_reserved_connections')::int"
            )
            (allowed,) = cursor.fetchone()
        if wanted >= allowed:
            found.append(
                checks.Warning(
                    f"A server opens up to {wanted} connections, and PostgreSQL allows {allowed}.",
                    hint="Lower WORKERS, API_THREADS or PAGE_THREADS, or raise max_connections.",
                    id="billing.W001",
                )
            )
    return found
