"""The demo's random choices: the same for the same key, in every Python and on every machine."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from customers.values.uuid7 import uuid7

_Choice = TypeVar("_Choice")


def number(key: str, below: int) -> int:
    """A number from 0 to `below`, exclusive."""
    return int.from_bytes(sha256(key.encode()).digest(), "big") % below


def pick(key: str, choices: Sequence[_Choice]) -> _Choice:
    return choices[number(key, len(choices))]


def letters(key: str, count: int) -> str:
    """Letters and digits, like the ids of other systems."""
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    return "".join(pick(f"{key} {place}", alphabet) for place in range(count))


class Bits:
    """Replaces `secrets` where ids are made, with reproducible numbers."""

    def __init__(self, key: str) -> None:
        self.key = key
        self.drawn = 0

    def randbits(self, count: int) -> int:
        self.drawn += 1
        return number(f"{self.key} {self.drawn}", 1 << count)


def first_id(at: datetime, key: str) -> UUID:
    """The id of the first row that is created at a time with the bits of `key`."""
    return uuid7(at, random=Bits(key).randbits(62))
