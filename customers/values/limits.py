"""How long the database may take: the limits of the kinds of work, as settings name them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits in seconds, of which 0 is none."""

    statement: float = 0
    """Of a statement, the time that it waits included."""

    lock: float = 0
    """Of the wait for a row or a table that another transaction has locked."""

    idle: float = 0
    """Of a transaction in which nothing happens."""

    @classmethod
    def of(cls, given: Mapping[str, float], defaults: Self) -> Self:
        """The limits that are given, and the defaults of those that are not.

        Raises:
            ValueError: a name is unknown, or a number is negative.
        """
        known = [field.name for field in fields(cls)]
        for name, seconds in given.items():
            if name not in known or not 0 <= seconds <= 86400:
                raise ValueError(f"Not like {','.join(f'{each}=1.5' for each in known)}.")
        return cls(**{name: given.get(name, getattr(defaults, name)) for name in known})

    @property
    def parameters(self) -> dict[str, str]:
        """PostgreSQL's parameters of the limits."""
        return {
            "statement_timeout": f"{self.statement * 1000:.0f}ms",
            "lock_timeout": f"{self.lock * 1000:.0f}ms",
            "idle_in_transaction_session_timeout": f"{self.idle * 1000:.0f}ms",
        }

    def __str__(self) -> str:
        names = ("statement", "lock", "idle in a transaction")
        given = (self.statement, self.lock, self.idle)
        return ", ".join(
            f"{name} {seconds:g}" if seconds else f"{name} unlimited"
            for name, seconds in zip(names, given, strict=True)
        )
