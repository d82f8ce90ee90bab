"""The rows of an import, for its pages and for the file of refused rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

from customers.imports import columns
from customers.imports.batches import BATCH_SIZE
from customers.imports.cells import write_cell
from customers.imports.export import csv_file
from customers.models import CustomerImport, ImportRow

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A field with its value before and after, as text; None where there is no value."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a row is refused. `column` is empty if it is for no single cell."""

    column: str
    cell: str
    why: str

    def __str__(self) -> str:
        cell = f" “{self.cell}”" if self.cell else ""
        return f"{self.column}{cell}: {self.why}" if self.column else self.why


def changes(row: ImportRow) -> list[Change]:
    """What the row changes, in the order of the export's columns."""
    return [
        Change(columns.label(field), *(write_cell(value) or None for value in row.changes[field]))
        for field in columns.FIELDS
        if field in row.changes
    ]


def problems(customer_import: CustomerImport, row: ImportRow) -> list[Problem]:
    """Why the row is refused."""
    cells = dict(zip(customer_import.header, row.cells, strict=True))
    return [
        Problem(column, cells.get(column) or "", why)
        for column, why in sorted(row.problems.items())
    ]


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of rows, with the query strings of the `previous` and `next` page."""

    rows: list[tuple[ImportRow, list[Change], list[Problem]]]
    links: dict[str, str]


def page_of_rows(customer_import: CustomerImport, request: HttpRequest, outcome: str) -> RowsPage:
    """The page of rows that the query asks for: `after` or `before` a row number."""
    rows = customer_import.rows.select_related("customer").order_by("number")
    if outcome:
        rows = rows.filter(outcome=outcome)
    after, before = (_number(request.GET.get(name, "")) for name in ("after", "before"))
    if before:
        found = list(rows.filter(number__lt=before).order_by("-number")[: PAGE_SIZE + 1])
        shown = found[:PAGE_SIZE][::-1]
        has_previous, has_next = len(found) > PAGE_SIZE, True
    else:
        found = list(rows.filter(number__gt=after)[: PAGE_SIZE + 1])
        shown = found[:PAGE_SIZE]
        has_previous, has_next = bool(after), len(found) > PAGE_SIZE
    links = {}
    if shown and has_previous:
        links["previous"] = _query(outcome, before=shown[0].number)
    if shown and has_next:
        links["next"] = _query(outcome, after=shown[-1].number)
    return RowsPage([(row, changes(row), problems(customer_import, row)) for row in shown], links)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _query(outcome: str, **position: int) -> str:
    return urlencode({**({"outcome": outcome} if outcome else {}), **position})


def refused_file(customer_import: CustomerImport) -> Iterator[str]:
    """Yield a CSV file of the refused rows with the reasons, to correct and import again."""
    rows = customer_import.rows.filter(outcome=ImportRow.Outcome.REFUSED).order_by("number")
    return csv_file(
        [*customer_import.header, _("Row"), _("Why it was refused")],
        (
            [
                *(cell or "" for cell in row.cells),
                str(row.number),
                " ".join(map(str, problems(customer_import, row))),
            ]
            for row in rows.iterator(BATCH_SIZE)
        ),
    )
