"""The `curl` commands that get the rows that a page shows."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from customers.backoffice.filters import first_instant, last_instant
from customers.insights.figures import month_range
from customers.models import Customer
from customers.rest.contract import Contract, contracts

HOST, API_KEY = "$HOST", "$API_KEY"


@dataclass(frozen=True, slots=True)
class Call:
    """Shell commands, and the title of the contract that they call."""

    title: str
    lines: str
    is_list: bool
    """Whether one call returns the whole list; if not, there is one call per row."""


def same_rows(asked: Mapping[str, Any] | None, rows: Sequence[Customer], size: int) -> list[Call]:
    """Return for each contract the call that lists the same rows, or else one call per row.

    `asked` are the filters of the list, or None if the rows are one page of several: no contract
    splits the list into the same pages.
    """
    try:
        terms = None if asked is None else _terms(asked)
    except OverflowError:  # a day at the edge of the calendar, which does not exist in UTC
        terms = None
    calls = []
    for contract in contracts():
        path = None if terms is None else contract.list_of(terms, size)
        if path is not None:
            calls.append(Call(contract.title, _curl(contract, path), is_list=True))
        else:
            paths = [shlex.quote(contract.customer_path(row)) for row in rows]
            loop = f"for path in {' '.join(paths)}; do\n  {_curl(contract, '$path')}\ndone"
            calls.append(Call(contract.title, loop, is_list=False))
    return calls


def curl_of(contract: Contract, customer: Customer) -> str:
    """Return the call that gets one customer."""
    return _curl(contract, contract.customer_path(customer))


def _curl(contract: Contract, path: str) -> str:
    return contract.curl(path, host=HOST, api_key=API_KEY)


def _terms(asked: Mapping[str, Any]) -> dict[str, str] | None:
    """Return the filters in the contracts' terms, or None if no contract has such a filter."""
    terms: dict[str, str] = {}
    for name, value in asked.items():
        if name == "country" and value != "none":
            terms[name] = value
        elif name == "created_from" and isinstance(value, date):
            terms[name] = _in_utc(first_instant(value))
        elif name == "created_to" and isinstance(value, date):
            terms[name] = _in_utc(last_instant(value))
        elif name == "month":
            start, end = month_range(value)
            terms["created_from"], terms["created_to"] = _in_utc(start), _in_utc(end)
        else:
            return None
    return terms


def _in_utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
