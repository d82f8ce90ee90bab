"""What a replay found, as text for people and as JSON for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from customers.models import Organization
from customers.replay.masking import Mask
from customers.replay.selection import LeftOut
from customers.rest.contract import Contract
from customers.rest.traffic import Difference, Exchange, Kind

#: Of differences that are alike, so many are kept one by one; all are counted.
MAX_ALIKE = 100
#: So many differences that are not alike are kept.
MAX_GROUPS = 1_000
_REQUESTS_NAMED = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A difference, with its values masked."""

    request: int
    method: str
    path: str
    kind: Kind
    pointer: str
    recorded: str
    answered: str
    explained: str | None
    """Why it is meant; None for what no one has explained."""


@dataclass(slots=True)
class Group:
    """Differences of one kind, at one place of the answers to one kind of request."""

    explained: str | None
    found: list[Found] = field(default_factory=list)
    count: int = 0


@dataclass(slots=True)
class Report:
    """What a replay did, and what it found."""

    contract: Contract
    organization: Organization
    dry_run: bool
    sent: int = 0
    prepared: int = 0
    not_prepared: int = 0
    explained: int = 0
    unexplained: int = 0
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    by_kind: Counter[Kind] = field(default_factory=Counter)
    """How many differences of each kind are not explained."""
    groups: dict[Any, Group] = field(default_factory=dict)

    @property
    def found(self) -> list[Found]:
        """The differences that are kept."""
        return [one for group in self.groups.values() for one in group.found]

    def add(self, exchange: Exchange, difference: Difference, mask: Mask) -> None:
        """Count a difference, and keep it."""
        explanations = self.contract.traffic.explained
        explained = next(
            (one.sentence for one in explanations if one.explains(difference, exchange)), None
        )
        if explained is None:
            self.unexplained += 1
            self.by_kind[difference.kind] += 1
        else:
            self.explained += 1
        path, pointer = mask.path(exchange), mask.pointer(difference)
        alike = exchange.method, path, difference.kind, _without_numbers(pointer), explained
        if alike not in self.groups and len(self.groups) == MAX_GROUPS:
            return
        group = self.groups.setdefault(alike, Group(explained))
        group.count += 1
        if len(group.found) < MAX_ALIKE:
            kept = difference.kind, pointer, *mask.values(difference), explained
            group.found.append(Found(exchange.number, exchange.method, path, *kept))

    def as_json(self) -> str:
        """All of it, as one object."""
        return json.dumps(
            {
                "contract": self.contract.slug,
                "organization": self.organization.slug,
                "dry_run": self.dry_run,
                "requests": {
                    "sent": self.sent,
                    "left_out": {reason.name.lower(): n for reason, n in self.left_out.items()},
                },
                "prepared": self.prepared,
                "not_prepared": self.not_prepared,
                "unexplained": self.unexplained,
                "explained": self.explained,
                "by_kind": {kind: self.by_kind[kind] for kind in Kind if self.by_kind[kind]},
                "differences": [asdict(one) for one in self.found],
            },
            ensure_ascii=False,
            indent=2,
        )

    def as_text(self) -> str:
        """What matters, in lines."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.contract.title}: {_counted(self.sent, 'request')} replayed."
        if self.prepared or self.not_prepared:
            refused = f", {self.not_prepared} could not be" if self.not_prepared else ""
            yield f"Stored beforehand, as the recording shows it: {self.prepared}{refused}."
        for reason, number in sorted(self.left_out.items()):
            yield f"Left out: {number} ({reason})."
        for kind in Kind:
            yield from self._lines_of(kind)
        yield from self._explained_lines()
        yield ""
        if len(self.groups) == MAX_GROUPS:
            yield f"Only {MAX_GROUPS:,} differences that are not alike are shown."
        yield f"Differences: {self.unexplained} unexplained, {self.explained} explained."

    def _lines_of(self, kind: Kind) -> Iterator[str]:
        """The differences of a kind that are not explained."""
        groups = [group for group in self.groups.values() if group.explained is None]
        groups = [group for group in groups if group.found[0].kind is kind]
        if groups:
            yield ""
            yield f"{kind.capitalize()}:"
        for group in groups:
            yield from _group_lines(group)

    def _explained_lines(self) -> Iterator[str]:
        sentences: Counter[str] = Counter()
        for group in self.groups.values():
            if group.explained is not None:
                sentences[group.explained] += group.count
        if sentences:
            yield ""
            yield "Explained:"
        for sentence, number in sentences.items():
            yield f"  {number}: {sentence}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _without_numbers(pointer: str) -> str:
    return "/".join("*" if part.isdigit() else part for part in pointer.split("/"))


def _group_lines(group: Group) -> Iterator[str]:
    first = group.found[0]
    yield f"  {first.method} {first.path}{f'  {first.pointer}' if first.pointer else ''}"
    if first.kind is Kind.MISSING:
        yield f"    recorded {first.recorded}, absent here"
    elif first.kind is Kind.ADDED:
        yield f"    not recorded, {first.answered} here"
    else:
        yield f"    recorded {first.recorded}, here {first.answered}"
    numbers = list(dict.fromkeys(one.request for one in group.found))[:_REQUESTS_NAMED]
    named = ", ".join(map(str, numbers))
    times = f" ({group.count:,} times)" if group.count > len(numbers) else ""
    yield f"    request {named}{times}"
