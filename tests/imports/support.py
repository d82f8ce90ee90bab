"""Files to import, and functions that run an import up to each of its states."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

import openpyxl

from customers.imports.apply import apply
from customers.imports.check import check, set_mapping
from customers.imports.undo import undo
from customers.imports.upload import upload
from customers.models import CustomerImport, ImportRow, Organization
from customers.models.credential import Actor
from customers.staff.models import StaffUser

SARA = Actor("staff", "1", "sara")


def person() -> StaffUser:
    return StaffUser.objects.get_or_create(username="sara", defaults={"is_staff": True})[0]


def csv_bytes(*rows: Sequence[str], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*rows: Sequence[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def uploaded(
    organization: Organization,
    content: bytes | Iterable[Sequence[str]],
    *,
    mode: str = "live",
    name: str = "customers.csv",
) -> CustomerImport:
    data = content if isinstance(content, bytes) else csv_bytes(*content)
    return upload(organization, mode, person(), io.BytesIO(data), name)


def checked(
    organization: Organization,
    content: bytes | Iterable[Sequence[str]],
    *,
    mode: str = "live",
    blank_clears: bool = False,
) -> CustomerImport:
    customer_import = uploaded(organization, content, mode=mode)
    set_mapping(customer_import.pk, customer_import.mapping, blank_clears=blank_clears)
    return check_again(customer_import)


def check_again(customer_import: CustomerImport) -> CustomerImport:
    list(check(customer_import.pk))
    customer_import.refresh_from_db()
    return customer_import


def applied(
    organization: Organization, content: bytes | Iterable[Sequence[str]], *, mode: str = "live"
) -> CustomerImport:
    return confirm(checked(organization, content, mode=mode))


def confirm(customer_import: CustomerImport) -> CustomerImport:
    list(apply(customer_import.pk, SARA))
    customer_import.refresh_from_db()
    return customer_import


def undone(customer_import: CustomerImport) -> CustomerImport:
    list(undo(customer_import.pk, SARA))
    customer_import.refresh_from_db()
    return customer_import


def rows(customer_import: CustomerImport) -> list[ImportRow]:
    return list(customer_import.rows.order_by("number"))


def outcomes(customer_import: CustomerImport) -> list[str | None]:
    return [row.outcome for row in rows(customer_import)]


def problems(customer_import: CustomerImport) -> dict[str, str]:
    """The problems of the only row."""
    (row,) = rows(customer_import)
    found: dict[str, str] = row.problems
    return found
