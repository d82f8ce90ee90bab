"""The orders of the list of customers, and the headings that choose one.

Only what an index has in order is offered. An index on the time of the last change would make every
write slower; one on the country has no place for those without a country.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

SORTS = {
    "": _("Newest first"),
    "created": _("Oldest first"),
    "name": _("Name, A to Z"),
    "-name": _("Name, Z to A"),
}
_DIRECTIONS = {
    "": "descending",
    "created": "ascending",
    "name": "ascending",
    "-name": "descending",
}
# By column: the order that its heading chooses first, and then.
_HEADINGS = {"name": ("name", "-name"), "created_at": ("", "created")}


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a column that orders the list."""

    query: str
    """The query of the list in the order that a click chooses."""
    direction: str
    """As `aria-sort` has it; empty if the list is in another order."""


def read_sort(asked: str) -> str:
    """The order with this name; the newest first if there is none."""
    return asked if asked in SORTS else ""


def is_by_name(sort: str) -> bool:
    return sort.endswith("name")


def headings(sort: str, query: Callable[..., str]) -> dict[str, Heading]:
    """The headings that order the list, by column."""
    return {
        column: Heading(
            query(sort=(other if sort == first else first) or None),
            _DIRECTIONS[sort] if sort in (first, other) else "",
        )
        for column, (first, other) in _HEADINGS.items()
    }
