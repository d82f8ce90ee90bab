"""Rows are read and written in batches, so that memory does not grow with the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from customers.models import ImportRow

BATCH_SIZE = 1000

_Item = TypeVar("_Item")


def batched(items: Iterable[_Item], size: int = BATCH_SIZE) -> Iterator[list[_Item]]:
    """The items in lists of `size`. Python 3.11 has no `itertools.batched`."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def update_rows(rows: Sequence[ImportRow], *fields: str) -> None:
    """Write the fields of the rows: as an upsert, which takes less time than `bulk_update`."""
    ImportRow.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["id"], update_fields=fields
    )
