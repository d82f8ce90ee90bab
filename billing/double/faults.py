"""Faults: what a coming request meets instead of, or after, being handled. No Django in here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What happens to the request."""

    RATE_LIMITED = "rate-limited"
    """It is answered 429, and not handled."""
    UNAVAILABLE = "unavailable"
    """It is answered 503, and not handled."""
    TIMEOUT = "timeout"
    """It is not handled, and never answered."""
    CONNECTION_RESET = "connection-reset"
    """It is not handled, and its connection is reset."""
    SLOW_BODY = "slow-body"
    """It is handled, and the body of the answer comes bit by bit."""
    LOST_ANSWER = "lost-answer"
    """It is handled, and its connection is closed without an answer: a write is done."""


class UnknownFault(ValueError):
    """The text or the object does not describe a fault."""


@dataclass(slots=True)
class Fault:
    """What happens to the next requests that it is for."""

    kind: Kind
    contract: str | None = None
    """The slug of the contract; None for any."""
    method: str | None = None
    path: str | None = None
    """What the path begins with."""
    times: int = 1
    seconds: float = 1
    """After how long the caller shall try again, or how long the body takes."""

    @classmethod
    def of(cls, given: Mapping[str, Any], contracts: Collection[str]) -> Self:
        """The fault that an object describes.

        Raises:
            UnknownFault: it describes none; the message says what is wrong.
        """
        known = {field.name for field in fields(cls)}
        if unknown := given.keys() - known:
            raise UnknownFault(f"A fault has no {min(unknown)!r}, but {', '.join(sorted(known))}.")
        if given.get("kind") not in list(Kind):
            raise UnknownFault(f"The kind of a fault is one of {', '.join(Kind)}.")
        if (contract := given.get("contract")) is not None and contract not in contracts:
            raise UnknownFault(f"The contract is one of {', '.join(sorted(contracts))}.")
        for name in ("method", "path"):
            if not isinstance(given.get(name), str | None):
                raise UnknownFault(f"The {name} is a text.")
        times, seconds = given.get("times", 1), given.get("seconds", 1)
        if type(times) is not int or times < 1:
            raise UnknownFault("The times are a whole number, 1 or more.")
        if type(seconds) not in (int, float) or not 0 <= seconds <= 3600:
            raise UnknownFault("The seconds are a number from 0 to 3600.")
        fault = cls(**{**given, "kind": Kind(given["kind"])})
        fault.method = fault.method and fault.method.upper()
        return fault

    @classmethod
    def read(cls, text: str, contracts: Collection[str]) -> Self:
        """The fault that a text like `unavailable:contract=lago,method=POST,times=2` describes.

        Raises:
            UnknownFault: it describes none; the message says what is wrong.
        """
        kind, _, more = text.partition(":")
        given: dict[str, Any] = {"kind": kind}
        for part in filter(None, more.split(",")):
            name, _, value = part.partition("=")
            given[name] = _number(value) if name in ("times", "seconds") else value
        return cls.of(given, contracts)

    def is_for(self, contract: str, method: str, path: str) -> bool:
        return (
            self.contract in (None, contract)
            and self.method in (None, method)
            and (self.path is None or path.startswith(self.path))
        )

    def described(self) -> dict[str, Any]:
        return asdict(self)


class Faults:
    """The faults that are still to come, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._coming: list[Fault] = []

    def add(self, fault: Fault) -> None:
        self._coming.append(fault)

    def take(self, contract: str, method: str, path: str) -> Fault | None:
        """The fault that this request meets, if any. It is then to come one time less."""
        for fault in self._coming:
            if fault.is_for(contract, method, path):
                fault.times -= 1
                if not fault.times:
                    self._coming.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        self._coming.clear()

    def described(self) -> list[dict[str, Any]]:
        return [fault.described() for fault in self._coming]


def _number(text: str) -> int | float | str:
    """The number, or the text where it is none, to be refused with the rest."""
    for number in (int, float):
        try:
            return number(text)
        except ValueError:
            continue
    return text
