"""How a cell is read as the value of a field, and how a value is written as a cell."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from customers.models import Customer
from customers.values import countries
from customers.values.validators import NOT_A_COUNTRY_NAME


def read_cell(field: str, cell: str) -> Any:
    """The value of a cell as the store keeps it: blank text is None, blank metadata is {}.

    Raises:
        ValidationError: the cell is not a country, or not JSON. The field's own rules are not
            checked here.
    """
    parse = _PARSERS.get(field)
    return Customer.as_stored(field, parse(cell) if parse else cell)


def write_cell(value: Any) -> str:
    """The cell of a value, which `read_cell` reads as the same value. Nothing is an empty cell."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False) if value else ""
    return "" if value is None else str(value)


def _email(cell: str) -> str:
    return cell.strip(" ")  # as every contract does


def _country(cell: str) -> str | None:
    code = countries.parse(cell)
    if code is None and cell.strip():
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
    "email": _email,
    "country": _country,
    "metadata": _metadata,
}
