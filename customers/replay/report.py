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

#: Differences that are kept one by one; of further ones only the number is.
MAX_FOUND = 10_000
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
    found: list[Found] = field(default_factory=list)

    def add(self, exchange: Exchange, difference: Difference, mask: Mask) -> None:
        """Count a difference, and keep it."""
        explanations = self.contract.traffic.explained
        explained = next(
            (one.sentence for one in explanations if one.explains(difference, exchange)), None
        )
        if explained is None:
            self.unexplained += 1
        else:
            self.explained += 1
        if len(self.found) < MAX_FOUND:
            recorded, answered = mask.values(difference)
            self.found.append(
                Found(
                    exchange.number,
                    exchange.method,
                    mask.path(exchange),
                    difference.kind,
                    mask.pointer(difference),
                    recorded,
                    answered,
                    explained,
                )
            )

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
                "by_kind": self._by_kind(),
                "differences": [asdict(one) for one in self.found],
            },
            ensure_ascii=False,
            indent=2,
        )

    def as_text(self) -> str:
        """What matters, in lines."""
        return "\n".join(self._lines())

    def _by_kind(self) -> dict[str, int]:
        kinds = Counter(one.kind for one in self.found if one.explained is None)
        return {kind.value: kinds[kind] for kind in Kind if kinds[kind]}

    def _lines(self) -> Iterator[str]:
        yield f"{self.contract.title}: {_counted(self.sent, 'request')} replayed."
        if self.prepared or self.not_prepared:
            refused = f", {self.not_prepared} could not be" if self.not_prepared else ""
            yield f"Stored beforehand, as the recording shows it: {self.prepared}{refused}."
        for reason, number in sorted(self.left_out.items()):
            yield f"Left out: {number} ({reason})."
        unexplained = [one for one in self.found if one.explained is None]
        for kind in Kind:
            groups = _grouped(one for one in unexplained if one.kind is kind)
            if groups:
                yield ""
                yield f"{kind.capitalize()}:"
                for group in groups:
                    yield from _difference_lines(group)
        yield from self._explained_lines()
        yield ""
        if len(self.found) == MAX_FOUND:
            yield f"Only the first {MAX_FOUND:,} differences are shown."
        yield f"Differences: {self.unexplained} unexplained, {self.explained} explained."

    def _explained_lines(self) -> Iterator[str]:
        sentences = Counter(one.explained for one in self.found if one.explained)
        if sentences:
            yield ""
            yield "Explained:"
        for sentence, number in sentences.items():
            yield f"  {number}: {sentence}"


def _counted(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _grouped(found: Iterator[Found]) -> list[list[Found]]:
    """Differences at the same place of the same kind of request."""
    groups: dict[Any, list[Found]] = {}
    for one in found:
        place = (one.method, one.path, _without_numbers(one.pointer))
        groups.setdefault(place, []).append(one)
    return list(groups.values())


def _without_numbers(pointer: str) -> str:
    return "/".join("*" if part.isdigit() else part for part in pointer.split("/"))


def _difference_lines(group: list[Found]) -> Iterator[str]:
    first = group[0]
    yield f"  {first.method} {first.path}{f'  {first.pointer}' if first.pointer else ''}"
    if first.kind is Kind.MISSING:
        yield f"    recorded {first.recorded}, absent here"
    elif first.kind is Kind.ADDED:
        yield f"    not recorded, {first.answered} here"
    else:
        yield f"    recorded {first.recorded}, here {first.answered}"
    numbers = list(dict.fromkeys(one.request for one in group))
    named = ", ".join(map(str, numbers[:_REQUESTS_NAMED]))
    more = f" and {len(numbers) - _REQUESTS_NAMED} more" if len(numbers) > _REQUESTS_NAMED else ""
    yield f"    request {named}{more}"
