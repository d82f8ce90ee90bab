"""Customers as a CSV file that imports back as unchanged."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from customers.imports.columns import FIELDS
from customers.imports.formulas import harmless
from customers.imports.resource import CustomerResource
from customers.imports.uploading import CHUNK, chunks
from customers.models.querysets import CustomerQuerySet

_MARK = "\ufeff"  # without it Excel takes UTF-8 for something else


def export(customers: CustomerQuerySet) -> Iterator[str]:
    """A CSV file of the customers, in pieces; never more than a piece of it is held."""
    resource = CustomerResource()
    fields = resource.get_export_fields()
    yield from csv_file(
        [field.column_name for field in fields],
        ([field.export(one) for field in fields] for one in customers.iterator(CHUNK)),
    )


def template() -> Iterator[str]:
    """A CSV file of nothing but the names of the columns that an import takes."""
    return csv_file(["id", *FIELDS], [])


def csv_file(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A CSV file in pieces, of cells that no spreadsheet runs."""
    yield _MARK + _lines([header])
    for chunk in chunks(rows):
        yield _lines(chunk)


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = StringIO(newline="")
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return text.getvalue()
