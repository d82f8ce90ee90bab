"""The calls to an API that give the rows that a page shows."""

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
    """Lines for a shell, and whose API they call."""

    title: str
    lines: str
    is_list: bool
    """Whether one call gives the whole list; else each of the rows is asked for."""


def same_rows(asked: Mapping[str, Any] | None, rows: Sequence[Customer], size: int) -> list[Call]:
    """For each contract the call that lists what was asked for or, where it cannot ask that, the
    calls that get the rows one by one.

    Without `asked` the rows are one page of several, which no contract cuts in the same places.
    """
    try:
        question = None if asked is None else _question(asked)
    except OverflowError:  # a day at the edge of the calendar, which UTC has not
        question = None
    calls = []
    for contract in contracts():
        path = None if question is None else contract.list_of(question, size)
        if path is not None:
            calls.append(Call(contract.title, _curl(contract, path), is_list=True))
        else:
            paths = [shlex.quote(contract.customer_path(row)) for row in rows]
            loop = f"for path in {' '.join(paths)}; do\n  {_curl(contract, '$path')}\ndone"
            calls.append(Call(contract.title, loop, is_list=False))
    return calls


def curl_of(contract: Contract, customer: Customer) -> str:
    """The call that gets one customer."""
    return _curl(contract, contract.customer_path(customer))


def _curl(contract: Contract, path: str) -> str:
    return contract.curl(path, host=HOST, api_key=API_KEY)


def _question(asked: Mapping[str, Any]) -> dict[str, str] | None:
    """What was asked for in the contracts' terms; None where they have none for it."""
    terms: dict[str, str] = {}
    for name, value in asked.items():
        if name == "country" and value != "none":
            terms[name] = value
        elif name == "created_from" and isinstance(value, date):
            terms[name] = _told(first_instant(value))
        elif name == "created_to" and isinstance(value, date):
            terms[name] = _told(last_instant(value))
        elif name == "month":
            start, end = month_range(value)
            terms["created_from"], terms["created_to"] = _told(start), _told(end)
        else:
            return None
    return terms


def _told(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
