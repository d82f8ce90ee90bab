"""What every authenticator ends in: one object that says whose data may be seen, and by whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the author of a change in the history."""

    kind: str  # "api_key", "oauth_client", "staff" or "command"
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Credential:
    """One organization's data in one mode, the scopes within it, and who asks."""

    organization_id: UUID
    mode: str
    scopes: frozenset[str]
    actor: Actor

    @property
    def owner(self) -> str:
        """Who it was issued to, in one text: for what is counted or remembered by credential."""
        return f"{self.actor.kind} {self.actor.id}"

    def narrowed_to(self, scopes: Iterable[str]) -> Credential:
        """The same with no more than these scopes."""
        return replace(self, scopes=self.scopes & set(scopes))
