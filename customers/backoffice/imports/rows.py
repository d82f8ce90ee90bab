"""The rows of an import as a table with the file's own columns, and the file of refused rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from customers.imports import columns
from customers.imports.batches import BATCH_SIZE
from customers.imports.cells import write_cell
from customers.imports.export import csv_file
from customers.models import CustomerImport, ImportCorrection, ImportRow

PAGE_SIZE = 50
#: The outcomes of the rows that are listed, in this order. Unchanged rows are only counted.
LISTED = (ImportRow.Outcome.REFUSED, ImportRow.Outcome.CHANGED, ImportRow.Outcome.NEW)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file, and the field that it fills; an empty string if it is not imported."""

    name: str
    field: str


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after, as text; None where there is no value."""

    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the file, and what becomes of it."""

    text: str
    is_imported: bool
    #: Why the row is refused, if because of this cell.
    problem: str = ""
    #: The value of an existing customer that it changes.
    change: Change | None = None
    #: The value that it is read as, if that looks different.
    read_as: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row with its cells."""

    row: ImportRow
    cells: list[Cell]
    #: Why the row is refused, if because of no single cell.
    problem: str
    corrections: list[ImportCorrection]

    @property
    def refused_columns(self) -> list[str]:
        """The columns because of which the row is refused: they may be out of view."""
        return [column for column in self.row.problems if column]


def columns_of(customer_import: CustomerImport) -> list[Column]:
    """The columns of the file, in its order."""
    named = zip(customer_import.header, customer_import.mapping, strict=True)
    return [Column(name, columns.label(field) if field else "") for name, field in named]


def lines_of(
    customer_import: CustomerImport, rows: Sequence[ImportRow], *, backwards: bool = False
) -> list[Line]:
    """The rows with their cells; `backwards` with what undoing the import changes."""
    corrections: dict[int, list[ImportCorrection]] = {row.number: [] for row in rows}
    for correction in customer_import.corrections.filter(row__in=corrections).order_by("number"):
        corrections[correction.row].append(correction)
    return [
        Line(
            row,
            list(_cells(customer_import, row, backwards=backwards)),
            " ".join(_of_no_cell(customer_import, row)),
            corrections[row.number],
        )
        for row in rows
    ]


def _cells(customer_import: CustomerImport, row: ImportRow, *, backwards: bool) -> Iterator[Cell]:
    columns_ = zip(customer_import.header, customer_import.mapping, row.cells, strict=True)
    for column, field, cell in columns_:
        text, is_imported = cell or "", field is not None
        if column in row.problems:
            yield Cell(text, is_imported, problem=row.problems[column])
        elif field not in row.changes:
            yield Cell(text, is_imported)
        elif row.outcome == ImportRow.Outcome.CHANGED:
            before, after = (write_cell(value) or None for value in row.changes[field])
            change = Change(after, before) if backwards else Change(before, after)
            yield Cell(text, is_imported, change=change)
        else:
            value = row.changes[field][ImportRow.NEW]
            is_alike = isinstance(value, dict) or str(value) == text.strip()
            yield Cell(text, is_imported, read_as="" if is_alike else write_cell(value))


def _of_no_cell(customer_import: CustomerImport, row: ImportRow) -> list[str]:
    return [why for column, why in row.problems.items() if column not in customer_import.header]


@dataclass(frozen=True, slots=True)
class RowsPage:
    """A page of rows, with the query strings of the `previous` and `next` page."""

    rows: list[ImportRow]
    links: dict[str, str]


def page_of_rows(customer_import: CustomerImport, query: Mapping[str, str]) -> RowsPage:
    """The page of rows that a query asks for: `after` or `before` a row, by outcome and number."""
    outcomes = outcomes_of(query)
    backwards = _position(query.get("before", ""), outcomes)
    if backwards is not None:
        found = _take(customer_import, outcomes[::-1], backwards, "lt")
        shown = found[:PAGE_SIZE][::-1]
        has_previous, has_next = len(found) > PAGE_SIZE, True
    else:
        position = _position(query.get("after", ""), outcomes)
        found = _take(customer_import, outcomes, position, "gt")
        shown = found[:PAGE_SIZE]
        has_previous, has_next = position is not None, len(found) > PAGE_SIZE
    links = {}
    if shown and has_previous:
        links["previous"] = _link(query, before=shown[0])
    if shown and has_next:
        links["next"] = _link(query, after=shown[-1])
    return RowsPage(shown, links)


def outcomes_of(query: Mapping[str, str]) -> Sequence[str]:
    """The outcomes that a query asks for: one, or all that are listed."""
    return [query["outcome"]] if query.get("outcome") in LISTED else LISTED


def _take(
    customer_import: CustomerImport,
    outcomes: Sequence[str],
    position: tuple[str, int] | None,
    direction: str,
) -> list[ImportRow]:
    """The rows of a page and one more, of one outcome after the other, from a position on."""
    found: list[ImportRow] = []
    order = "number" if direction == "gt" else "-number"
    for outcome in outcomes[outcomes.index(position[0]) if position else 0 :]:
        rows = customer_import.rows.filter(outcome=outcome)
        if position and position[0] == outcome:
            rows = rows.filter(**{f"number__{direction}": position[1]})
        missing = PAGE_SIZE + 1 - len(found)
        if missing and customer_import.count(outcome):
            found += rows.select_related("customer").order_by(order)[:missing]
    return found


def _position(text: str, outcomes: Sequence[str]) -> tuple[str, int] | None:
    outcome, _dash, number = text.partition("-")
    is_number = number.isascii() and number.isdecimal() and len(number) < 10
    return (outcome, int(number)) if is_number and outcome in outcomes else None


def _link(query: Mapping[str, str], **position: ImportRow) -> str:
    outcome = {"outcome": query["outcome"]} if query.get("outcome") in LISTED else {}
    return urlencode({**outcome, **{key: position_of(row) for key, row in position.items()}})


def position_of(row: ImportRow) -> str:
    """Where a row stands in the list, as queries say it."""
    return f"{row.outcome}-{row.number}"


def kept(query: Mapping[str, str]) -> str:
    """The part of a query that says which page of rows is shown."""
    return urlencode({key: query[key] for key in ("outcome", "after", "before") if query.get(key)})


def refused_file(customer_import: CustomerImport) -> Iterator[str]:
    """Yield a CSV file of the refused rows with the reasons, to correct and import again."""
    rows = customer_import.rows.filter(outcome=ImportRow.Outcome.REFUSED).order_by("number")
    return csv_file(
        [*customer_import.header, _("Row"), _("Why it was refused")],
        (
            [
                *(cell or "" for cell in row.cells),
                str(row.number),
                " ".join(_reasons(customer_import, row)),
            ]
            for row in rows.iterator(BATCH_SIZE)
        ),
    )


def _reasons(customer_import: CustomerImport, row: ImportRow) -> Iterable[str]:
    cells = dict(zip(customer_import.header, row.cells, strict=True))
    for column, why in sorted(row.problems.items()):
        cell = f" “{cells[column]}”" if cells.get(column) else ""
        yield f"{column}{cell}: {why}" if column else why
