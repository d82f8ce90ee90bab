"""The home page: what needs attention, and numbers of customers, each a link to those rows."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format, number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_countries import countries

from customers.backoffice.charts import HEIGHT, WIDTH, Bar, columns
from customers.backoffice.pages import Page
from customers.backoffice.worklist import worklist
from customers.insights.figures import figures_of

COUNTRIES_SHOWN = 8


class Home(Page):
    permission = "customers.view_customer"
    section = "home"
    template_name = "backoffice/home.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        figures = figures_of(self.scope.tenant)
        shown = self._shown(figures.numbers) if figures else {}
        response = self.render(title=_("Home"), figures=figures, **shown)
        if figures is None:
            response["Refresh"] = "3"  # reload until they are counted
        return response

    def _shown(self, numbers: dict[str, Any]) -> dict[str, Any]:
        month, new = numbers["months"][-1]
        cards = [
            (_("Live customers"), numbers["live"], ""),
            (_("New this month"), new, f"month={month}"),
            (_("Archived"), numbers["archived"], "status=archived"),
        ]
        return {
            "tasks": worklist(self.scope, numbers),
            "cards": [(name, count, self._list(query)) for name, count, query in cards],
            "months": self._months(numbers["months"]),
            "counts": reversed(numbers["months"]),
            "countries": self._countries(numbers["countries"]),
            "width": WIDTH,
            "height": HEIGHT,
        }

    def _list(self, query: str) -> str:
        address = self.scope.address("customers")
        return f"{address}?{query}" if query else address

    def _months(self, months: list[tuple[str, int]]) -> list[Bar]:
        bars = []
        for month, count in months:
            day = datetime.strptime(month, "%Y-%m")  # noqa: DTZ007 (a name, not a time)
            label = ngettext(
                "%(month)s: %(count)s customer", "%(month)s: %(count)s customers", count
            )
            values = {"month": date_format(day, "F Y"), "count": number_format(count)}
            name = date_format(day, "M Y" if day.month == 1 else "M")
            bars.append((name, label % values, count, self._list(f"month={month}")))
        return columns(bars)

    def _countries(self, found: list[tuple[str | None, int]]) -> list[dict[str, Any]]:
        """Return the largest countries, each with its width relative to the largest."""
        largest = max((count for _country, count in found), default=1)
        return [
            {
                "name": countries.name(code) if code else _("No country"),
                "count": count,
                "width": round(100 * count / largest, 1),
                "address": self._list(urlencode({"country": code or "none"})),
            }
            for code, count in found[:COUNTRIES_SHOWN]
        ]
