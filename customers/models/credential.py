"""Whose data a request is about, and who makes it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the author of a change in the history."""

    kind: str  # "api_key", "oauth_client", "staff" or "command"
    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Tenant:
    """Whose data: one organization's, live or test. Queries start from `visible_to(tenant)`."""

    organization_id: UUID
    mode: str

    @property
    def columns(self) -> dict[str, Any]:
        """The columns that every row of the tenant has, with their values."""
        return {"organization_id": self.organization_id, "mode": self.mode}

    def __str__(self) -> str:
        return f"{self.organization_id} {self.mode}"


@dataclass(frozen=True, slots=True)
class Credential:
    """What every authenticator returns: the actor, the tenant whose data it may use, its scopes."""

    tenant: Tenant
    scopes: frozenset[str]
    actor: Actor

    @property
    def owner(self) -> str:
        """The actor's kind and id as one string, under which requests are counted and recorded."""
        return f"{self.actor.kind} {self.actor.id}"

    def narrowed_to(self, scopes: Iterable[str]) -> Credential:
        """This credential, limited to these scopes."""
        return replace(self, scopes=self.scopes & set(scopes))
