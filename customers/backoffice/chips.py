"""The filters of the list as chips: what each is set to, in words, and what removes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BoundField
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.backoffice.filters import CustomerFilters

# By heading, the filters that stand together.
_CHIPS = (
    (gettext_lazy("Status"), ("status",)),
    (gettext_lazy("Country"), ("country",)),
    (gettext_lazy("Created"), ("created_from", "created_to", "month")),
    (gettext_lazy("Cards"), ("cards",)),
    (gettext_lazy("Lacking"), ("lacking",)),
    (gettext_lazy("Duplicates"), ("duplicates",)),
)
_DAYS = {"created_from": gettext_lazy("from %(day)s"), "created_to": gettext_lazy("until %(day)s")}


@dataclass(frozen=True, slots=True)
class Chip:
    """Filters that open together."""

    label: str
    fields: list[BoundField]
    words: str
    """What they are set to; empty if they are not set."""
    without: str
    """The query of the list without them."""

    @property
    def text(self) -> str:
        return f"{self.label}: {self.words}" if self.words else self.label

    @property
    def has_errors(self) -> bool:
        return any(field.errors for field in self.fields)


def chips(filters: CustomerFilters, query: Callable[..., str]) -> list[Chip]:
    """The chips of a list; `query` makes the query of the list with some parameters changed."""
    asked = filters.asked
    return [
        Chip(
            label=str(label),
            fields=[filters.form[name] for name in names],
            words=" ".join(_words(filters, name, asked[name]) for name in names if name in asked),
            without=query(**dict.fromkeys(names)),
        )
        for label, names in _CHIPS
    ]


def in_words(typed: str, found: list[Chip]) -> str:
    """What a list is of: the title of its page begins with it. Empty if it is not filtered."""
    words = [f"“{typed}”"] if typed else []
    return ", ".join([*words, *(chip.text for chip in found if chip.words)])


def _words(filters: CustomerFilters, name: str, value: Any) -> str:
    if name == "duplicates":
        return _("possible")
    if name == "month":
        return _("in %(month)s (UTC)") % {"month": value}
    if isinstance(value, date):
        return str(_DAYS[name]) % {"day": date_format(value, "j M Y")}
    return str(dict(filters.form.fields[name].choices)[value])
