"""Uploads a file: matches the columns of its header, and stores its rows."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from typing import IO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.imports import columns
from customers.imports.batches import batched
from customers.imports.errors import UnreadableFile
from customers.imports.formulas import unescape
from customers.imports.read import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, records
from customers.models import Customer, CustomerImport, ImportRow, Organization
from customers.models.querysets import read_id
from customers.staff.models import StaffUser
from customers.values.card_numbers import contains_card_number
from customers.values.masking import masked
from customers.values.uuid7 import uuid7
from customers.values.validators import can_be_stored

_FIRST_ROWS = 20  # by which the columns are matched


def upload(
    organization: Organization, mode: str, person: StaffUser, file: IO[bytes], name: str
) -> CustomerImport:
    """Create an import with the rows of a file, its columns matched with fields by name.

    Raises:
        UnreadableFile: it cannot be read, or is too large.
    """
    customer_import = begin(organization, mode, person, name)
    for _done in store(customer_import, file):
        pass
    return customer_import


def begin(organization: Organization, mode: str, person: StaffUser, name: str) -> CustomerImport:
    """Return a new import that is not stored yet, but has an id."""
    now = timezone.now()
    return CustomerImport(
        pk=uuid7(now),
        created_at=now,
        organization=organization,
        mode=mode,
        started_by=person,
        started_by_label=person.get_username(),
        file_name=_file_name(name),
    )


def store(customer_import: CustomerImport, file: IO[bytes], encoding: str = "") -> Generator[int]:
    """Store an import that `begin` returned, with the rows of its file; yields how many are done.

    `encoding` is for a CSV file that is not in Unicode.

    Raises:
        UnreadableFile: it cannot be read, or is too large.
    """
    if file.seek(0, 2) > MAX_BYTES:
        raise UnreadableFile(too_large())
    with transaction.atomic(), closing(records(file, encoding)) as file_records:
        customer_import.header = _header(next(file_records, []))
        customer_import.mapping = columns.match(customer_import.header)
        customer_import.save(force_insert=True)
        for batch in batched(_rows(customer_import, file_records)):
            if not customer_import.row_count:
                first = [row.cells for row in batch[:_FIRST_ROWS]]
                customer_import.mapping = columns.match(customer_import.header, first)
            customer_import.row_count += len(batch)
            if customer_import.row_count > MAX_ROWS:
                raise UnreadableFile(
                    _("The file has more than %(rows)s rows. Import it in parts.")
                    % {"rows": f"{MAX_ROWS:,}"}
                )
            ImportRow.objects.bulk_create(batch)
            yield customer_import.row_count
        if not customer_import.row_count:
            raise UnreadableFile(_("The file has a header and no rows below it."))
        customer_import.save(update_fields=["row_count", "mapping"])


def too_large() -> str:
    """The message for a file of more than `MAX_BYTES`."""
    message = _("The file is larger than %(size)d MiB. Import it in parts.")
    return message % {"size": MAX_BYTES // 1024**2}


def _file_name(name: str) -> str:
    return masked(name if can_be_stored(name) else _("file"))[-255:]


def _header(record: Sequence[str]) -> list[str]:
    names = _without_trailing_blanks([cell.strip() for cell in record])
    if not names:
        raise UnreadableFile(
            _("The file or its first line is empty. The first line must name the columns.")
        )
    if len(names) > MAX_COLUMNS:
        raise UnreadableFile(
            _("The file has more than %(count)d columns.") % {"count": MAX_COLUMNS}
        )
    if not all(can_be_stored(name) for name in names):
        raise UnreadableFile(_("This is neither a CSV file nor an XLSX file."))
    if any(contains_card_number(name) for name in names):
        raise UnreadableFile(
            _(
                "The first line of the file must name the columns, but has what looks like a "
                "payment card number, which is never stored here."
            )
        )
    if any(len(name) > 255 for name in names):
        raise UnreadableFile(
            _("The first line must name the columns, each in at most 255 characters.")
        )
    named = [name or _("Column %(number)d") % {"number": n} for n, name in enumerate(names, 1)]
    for number, name in enumerate(named):
        if name.casefold() in (other.casefold() for other in named[:number]):
            raise UnreadableFile(
                _("Two columns are named “%(name)s”. Rename or remove one of them.")
                % {"name": name}
            )
    return named


def _rows(
    customer_import: CustomerImport, file_records: Iterable[Sequence[str]]
) -> Iterator[ImportRow]:
    header = customer_import.header
    fields = [columns.field_of(name) for name in header]
    for number, record in enumerate(file_records, 2):
        cells = _without_trailing_blanks(record)
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            raise UnreadableFile(_too_many_cells(number, len(cells), len(header)))
        if not all(can_be_stored(cell) and len(cell) <= MAX_CELL for cell in cells):
            raise UnreadableFile(
                _("Row %(number)d has characters that cannot be stored, or a very long cell.")
                % {"number": number}
            )
        stored = [
            without_card_number(unescape(cell), field)
            for cell, field in zip(cells, fields, strict=False)
        ]
        stored += [""] * (len(header) - len(stored))
        yield ImportRow(customer_import=customer_import, number=number, cells=stored)


def _too_many_cells(number: int, cells: int, names: int) -> str:
    return ngettext(
        "Row %(number)d has %(cells)d cells, but the first line names %(names)d column. Put cells "
        "with a comma in them in quotation marks, or name every column.",
        "Row %(number)d has %(cells)d cells, but the first line names %(names)d columns. Put cells "
        "with a comma in them in quotation marks, or name every column.",
        names,
    ) % {"number": number, "cells": cells, "names": names}


def without_card_number(text: str, field: str | None) -> str | None:
    """The text of a cell that fills a field, or None for a card number.

    Long numbers and the ids of customers are not checked: a few of 100,000 look like card numbers.
    """
    if field in Customer.LONG_NUMBERS or (field == "id" and read_id(text)):
        return text
    return None if contains_card_number(text) else text


def _without_trailing_blanks(cells: Sequence[str]) -> list[str]:
    rest = list(cells)
    while rest and not rest[-1].strip():
        rest.pop()
    return rest
