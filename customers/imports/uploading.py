"""Takes a file in: its header is matched, its rows are stored chunk by chunk."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from typing import IO, TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.imports import columns
from customers.imports.formulas import original
from customers.imports.reading import MAX_BYTES, MAX_CELL, MAX_COLUMNS, MAX_ROWS, records
from customers.imports.unreadable import Unreadable
from customers.models import Customer, CustomerImport, ImportRow, Organization
from customers.models.querysets import read_id
from customers.staff.models import StaffUser
from customers.values.card_numbers import contains_card_number, without_card_numbers
from customers.values.uuid7 import uuid7
from customers.values.validators import can_be_stored

CHUNK = 1000

_Item = TypeVar("_Item")


def chunks(items: Iterable[_Item], size: int = CHUNK) -> Iterator[list[_Item]]:
    """The items in lists of `size`."""
    rest = iter(items)
    while chunk := list(islice(rest, size)):
        yield chunk


def upload(
    organization: Organization, mode: str, person: StaffUser, file: IO[bytes], name: str
) -> CustomerImport:
    """Store the rows of a file, with a first guess at which column is which field.

    Raises:
        Unreadable: with what to do about it.
    """
    customer_import = begin(organization, mode, person, name)
    for _done in store(customer_import, file):
        pass
    return customer_import


def begin(organization: Organization, mode: str, person: StaffUser, name: str) -> CustomerImport:
    """An import of which nothing is stored yet; its id is known."""
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


def store(customer_import: CustomerImport, file: IO[bytes]) -> Generator[int]:
    """Store an import that has begun, with the rows of its file; yields how many rows are done.

    Raises:
        Unreadable: with what to do about it.
    """
    if file.seek(0, 2) > MAX_BYTES:
        raise Unreadable(too_large())
    with transaction.atomic(), closing(records(file)) as found:
        customer_import.header = _header(next(found, []))
        customer_import.mapping = columns.match(customer_import.header)
        customer_import.save(force_insert=True)
        for chunk in chunks(_rows(customer_import, found)):
            customer_import.row_count += len(chunk)
            if customer_import.row_count > MAX_ROWS:
                raise Unreadable(
                    _("The file has more than %(rows)s rows. Import it in parts.")
                    % {"rows": f"{MAX_ROWS:,}"}
                )
            ImportRow.objects.bulk_create(chunk)
            yield customer_import.row_count
        if not customer_import.row_count:
            raise Unreadable(_("The file has a header and no rows below it."))
        customer_import.save(update_fields=["row_count"])


def too_large() -> str:
    """What someone is told whose file is larger than is read."""
    told = _("The file is larger than %(size)d MiB. Import it in parts.")
    return told % {"size": MAX_BYTES // 1024**2}


def _file_name(name: str) -> str:
    return without_card_numbers(name if can_be_stored(name) else _("file"))[-255:]


def _header(record: Sequence[str]) -> list[str]:
    names = _without_blank_end([cell.strip() for cell in record])
    if not names:
        raise Unreadable(_("The file is empty, or its first line is. It must name the columns."))
    if len(names) > MAX_COLUMNS:
        raise Unreadable(_("The file has more than %(count)d columns.") % {"count": MAX_COLUMNS})
    if not all(can_be_stored(name) for name in names):
        raise Unreadable(_("This is neither a CSV file nor an XLSX file."))
    if any(contains_card_number(name) for name in names):
        raise Unreadable(
            _(
                "The first line must name the columns. This file's holds what looks like a payment "
                "card number, which is never stored here."
            )
        )
    if any(len(name) > 255 for name in names):
        raise Unreadable(_("The first line must name the columns, in 255 characters at most."))
    named = [name or _("Column %(number)d") % {"number": n} for n, name in enumerate(names, 1)]
    for number, name in enumerate(named):
        if name.casefold() in (other.casefold() for other in named[:number]):
            raise Unreadable(
                _("Two columns are named “%(name)s”. Rename or remove one of them.")
                % {"name": name}
            )
    return named


def _rows(customer_import: CustomerImport, found: Iterable[Sequence[str]]) -> Iterator[ImportRow]:
    header = customer_import.header
    fields = [columns.field_of(name) for name in header]
    for number, record in enumerate(found, 2):
        cells = _without_blank_end(record)
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > len(header):
            raise Unreadable(_too_many_cells(number, len(cells), len(header)))
        if not all(can_be_stored(cell) and len(cell) <= MAX_CELL for cell in cells):
            raise Unreadable(
                _("Row %(number)d has characters that cannot be stored, or a very long cell.")
                % {"number": number}
            )
        kept = [_kept(cell, field) for cell, field in zip(cells, fields, strict=False)]
        kept += [""] * (len(header) - len(kept))
        yield ImportRow(customer_import=customer_import, number=number, cells=kept)


def _too_many_cells(number: int, cells: int, names: int) -> str:
    return ngettext(
        "Row %(number)d has %(cells)d cells, but the first line names %(names)d column. Put cells "
        "with a comma in them in quotation marks, or name every column.",
        "Row %(number)d has %(cells)d cells, but the first line names %(names)d columns. Put cells "
        "with a comma in them in quotation marks, or name every column.",
        names,
    ) % {"number": number, "cells": cells, "names": names}


def _kept(cell: str, field: str | None) -> str | None:
    """The text of a cell, or None for a card number.

    Long ids are not looked at, and neither is the id of a customer: of 100,000 of them a few look
    like card numbers.
    """
    text = original(cell)
    if field in Customer.LONG_IDS or (field == "id" and read_id(text)):
        return text
    return None if contains_card_number(text) else text


def _without_blank_end(cells: Sequence[str]) -> list[str]:
    kept = list(cells)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept
