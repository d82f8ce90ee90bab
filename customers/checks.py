"""What must hold in the database that migrations alone cannot keep."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connections


@register(Tags.database)
def triggers_cannot_be_ignored(
    databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """`manage.py check --database default`: nobody can switch the history off for a session."""
    open_ones = []
    for alias in databases or ():
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = '_pgtrigger_should_ignore'")
            found = cursor.fetchone()
        if found is not None and found[0] != "SELECT FALSE":
            open_ones.append(alias)
    return [
        Error(
            f"The triggers of the database {alias!r} can be ignored by a session.",
            hint="Installing triggers has opened this again: run what customers.0002 runs.",
            id="customers.E001",
        )
        for alias in open_ones
    ]
