"""The fixture of a twin: written beside its place, proved, and only then put there."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from uuid import UUID

from django.core import serializers
from django.db import connection, transaction

from customers.twin.copies import Refusal, Twin
from customers.twin.originals import Originals
from customers.twin.proof import survivors
from customers.twin.replacements import Replacements
from customers.twin.rows import numbers_of, rows_of


class Refused(Exception):
    """There is no twin, because these values cannot be replaced."""

    def __init__(self, refusals: Collection[Refusal]) -> None:
        super().__init__(*refusals)
        self.refusals = refusals


class NotProved(Exception):
    """There is no twin, because the proof found an original in these places of it."""

    def __init__(self, places: Sequence[str]) -> None:
        super().__init__(*places)
        self.places = places


#: So many refusals are found at most: to find that a value has none may take seconds.
ENOUGH = 20


@dataclass(frozen=True, slots=True)
class Proved:
    """What a finished fixture has, and what was sought in it."""

    rows: int
    originals: int
    ids: dict[UUID, UUID]
    """The ids of the twins, by those of the customers."""


def write_twin(ids: Sequence[UUID], path: Path, seed: str, keys: Collection[str] = ()) -> Proved:
    """Write the twin of some customers to a file, which is proved before it is there.

    Raises:
        Refused: a value cannot be replaced.
        NotProved: an original is left.
    """
    with _beside(path) as draft:
        with _snapshot():
            originals = Originals()
            replacements = Replacements(seed, originals)
            twin = Twin(replacements, originals, frozenset(keys), numbers_of(ids))
            for row in rows_of(ids):
                twin.learn(row)
            with draft.open("w", encoding="utf-8") as out:
                copies = takewhile(
                    lambda _: len(twin.refusals) < ENOUGH, map(twin.copy, rows_of(ids))
                )
                serializers.serialize("json", copies, stream=out, indent=1)
        if twin.refusals:
            raise Refused(list(twin.refusals))
        rows = prove(draft, originals, keys)
        draft.replace(path)
    return Proved(rows, len(originals), {id: replacements.id(id) for id in ids})


def prove(path: Path, originals: Originals, keys: Collection[str]) -> int:
    """Read a finished fixture, and return how many rows it has.

    Raises:
        NotProved: an original is left.
    """
    fixture = json.loads(path.read_text("utf-8"))
    if places := list(survivors(fixture, originals, keys)):
        raise NotProved(places)
    return len(fixture)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A file in the same folder that only its owner can read; it is deleted at the end."""
    handle, name = tempfile.mkstemp(prefix=".twin-", suffix=".json", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _snapshot() -> Iterator[None]:
    """All rows as they are at one instant, unless a transaction is open already."""
    begins = not connection.in_atomic_block
    with transaction.atomic():
        if begins:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                # It takes as long as it takes.
                cursor.execute("SET LOCAL statement_timeout = 0")
                cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        yield
