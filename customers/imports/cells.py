"""How a cell is read as the value of a field, and how a value is written as a cell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.values import countries
from customers.values.text import is_blank, trimmed
from customers.values.validators import NOT_A_COUNTRY_NAME

# A host may have a port: `example.com:8080` has no scheme.
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:(?!\d)", re.IGNORECASE)
# Errors as programs write them, also in other languages: #N/A, #REF!, #NAME?, #NV, Err:502.
_ERROR = re.compile(r"#(?:N/A|NV|N/D|I/T|[^\W_][\w/]*[!?])|Err:\d{3}", re.IGNORECASE)


def read_cell(field: str, cell: str) -> Any:
    """The value of a cell as the store keeps it: blank text is None, blank metadata is {}.

    Raises:
        ValidationError: the cell is an error of a spreadsheet, not a country, or not JSON. The
            field's own rules are not checked here.
    """
    if _ERROR.fullmatch(cell.strip()):
        raise ValidationError(
            _("This is an error of a spreadsheet, not a value. Correct its formula, or clear it.")
        )
    parse = _PARSERS.get(field)
    return Customer.as_stored(field, parse(cell) if parse else cell)


def write_cell(value: Any) -> str:
    """The cell of a value, which `read_cell` reads as the same value. Nothing is an empty cell."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return "" if value is None else str(value)


def _web_address(cell: str) -> str:
    """An address as people write it, such as `www.example.com`, with its scheme."""
    address = trimmed(cell)
    if not address or _SCHEME.match(address):
        return address
    return f"https://{address.removeprefix('//')}"


def _country(cell: str) -> str | None:
    code = countries.parse(cell)
    if code is None and not is_blank(cell):
        raise ValidationError(NOT_A_COUNTRY_NAME)
    return code


def _metadata(cell: str) -> Any:
    if not cell.strip():
        return None
    try:
        return json.loads(cell, object_pairs_hook=_without_repeated_keys)
    except (ValueError, RecursionError):
        raise ValidationError(
            _('This is not a JSON object of strings. Give one like {"plan": "gold"}.')
        ) from None


def _without_repeated_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("A key is repeated.")
    return read


# The cells of all other fields are read as they are.
_PARSERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys((*Customer.LONG_NUMBERS, "email", "ein"), trimmed),
    **dict.fromkeys(("url", "logo_url"), _web_address),
    "country": _country,
    "metadata": _metadata,
}
