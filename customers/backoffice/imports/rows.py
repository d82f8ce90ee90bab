"""The rows of an import as its pages and its file of refused rows tell them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from customers.imports import columns
from customers.imports.exporting import csv_file
from customers.models import CustomerImport, ImportRow

ROWS = 50


@dataclass(frozen=True, slots=True)
class Change:
    """A field with its value before and after; an absent one is None."""

    label: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Problem:
    """A cell that is refused: its column (none for a whole row), what it holds, and why."""

    column: str
    cell: str
    why: str

    def __str__(self) -> str:
        seen = f" “{self.cell}”" if self.cell else ""
        return f"{self.column}{seen}: {self.why}" if self.column else self.why


def changes(row: ImportRow) -> list[Change]:
    """What the row changes, in the order of the export's columns."""
    return [
        Change(columns.label(field), *map(_told, row.changes[field]))
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


def _told(value: Any) -> str | None:
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else None
    return None if value is None else str(value)


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of rows, with the queries of the pages to either side."""

    rows: list[tuple[ImportRow, list[Change], list[Problem]]]
    links: dict[str, str]


def page_of_rows(customer_import: CustomerImport, request: HttpRequest, outcome: str) -> RowsPage:
    """The rows that the address asks for: `after` or `before` a row's number."""
    rows = customer_import.rows.select_related("customer").order_by("number")
    if outcome:
        rows = rows.filter(outcome=outcome)
    after, before = (_number(request.GET.get(name, "")) for name in ("after", "before"))
    if before:
        found = list(rows.filter(number__lt=before).order_by("-number")[: ROWS + 1])
        has_more, shown = len(found) > ROWS, found[:ROWS][::-1]
        previous, following = has_more, True
    else:
        found = list(rows.filter(number__gt=after)[: ROWS + 1])
        shown = found[:ROWS]
        previous, following = bool(after), len(found) > ROWS
    links = {}
    if shown and previous:
        links["previous"] = _query(outcome, before=shown[0].number)
    if shown and following:
        links["next"] = _query(outcome, after=shown[-1].number)
    return RowsPage([(row, changes(row), problems(customer_import, row)) for row in shown], links)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _query(outcome: str, **place: int) -> str:
    asked: dict[str, object] = {**({"outcome": outcome} if outcome else {}), **place}
    return "&".join(f"{name}={value}" for name, value in asked.items())


def refused_file(customer_import: CustomerImport) -> Iterator[str]:
    """The refused rows as a CSV file, with the reasons: to correct and to import again."""
    rows = customer_import.rows.filter(outcome=ImportRow.Outcome.REFUSED).order_by("number")
    return csv_file(
        [*customer_import.header, _("Row"), _("Why it was refused")],
        (
            [
                *(cell or "" for cell in row.cells),
                str(row.number),
                " ".join(map(str, problems(customer_import, row))),
            ]
            for row in rows.iterator(1000)
        ),
    )
