"""Filters for lists that may have a million rows: none of them reads the whole table."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from customers.admin.base import staff
from customers.models import Customer, Mode, Organization
from customers.values.uuid7 import created_at, first_uuid7

_PERIOD = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)


class StatusFilter(SimpleListFilter):
    """Shows live customers by default."""

    title = _("status")
    parameter_name = "status"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("archived", _("Archived")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        live, *others = super().choices(changelist)
        return [{**live, "display": _("Live")}, *others]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "all":
            return queryset
        return queryset.archived() if self.value() == "archived" else queryset.live()


class OneOf(SimpleListFilter):
    """A filter that accepts only the values it offers."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        if self.value() not in {value for value, _name in self.lookup_choices}:
            raise IncorrectLookupParameters
        return self.having(queryset)

    def having(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows that have the selected value."""
        raise NotImplementedError


class VisibleOrganizationFilter(OneOf):
    """Filters by organization, and offers those that the person may see."""

    title = _("organization")
    parameter_name = "organization"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(one.pk), one.name) for one in self.organizations(request, model_admin)]

    def organizations(self, request: HttpRequest, model_admin: Any) -> QuerySet[Organization]:
        return Organization.objects.visible_to_staff(staff(request))

    def has_output(self) -> bool:
        return len(self.lookup_choices) > 1

    def having(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(organization=self.value())


class OrganizationFilter(VisibleOrganizationFilter):
    """Offers only organizations that have rows. The table needs an index by organization."""

    def organizations(self, request: HttpRequest, model_admin: Any) -> QuerySet[Organization]:
        rows = model_admin.model._default_manager.filter(organization=OuterRef("pk"))
        return super().organizations(request, model_admin).filter(Exists(rows))


class CountryFilter(OneOf):
    """Filters by country, and offers those of the customers that the person may see."""

    title = _("country")
    parameter_name = "country"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        visible = Organization.objects.visible_to_staff(staff(request)).values_list("pk", flat=True)
        present = Customer.objects.countries_of(visible, Mode.values)
        return sorted(((code, countries.name(code)) for code in present), key=lambda one: one[1])

    def having(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(country=self.value())


class CreatedFilter(SimpleListFilter):
    """Filters by year, month or day of creation, as a range of ids, which begin with the time.

    Django's `date_hierarchy` would read every row to find the days.
    """

    title = _("created")
    parameter_name = "created"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        ids = model_admin.get_queryset(request).values_list("pk", flat=True)
        oldest, newest = ids.order_by("pk").first(), ids.order_by("-pk").first()
        if oldest is None or newest is None:
            return []
        first, last = created_at(oldest), created_at(newest)
        return [
            (period, _name(period))
            for period in _within(self.value(), first, last)
            if _start(period) <= last and first < _end(period)
        ]

    def has_output(self) -> bool:
        return bool(self.lookup_choices) or self.value() is not None

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Yield "All", the selected period after those that contain it, and its parts."""
        every, *within = super().choices(changelist)
        yield every
        for period in accumulate((self.value() or "").split("-"), "{}-{}".format):
            if period:
                yield {
                    "selected": period == self.value(),
                    "query_string": changelist.get_query_string({self.parameter_name: period}),
                    "display": _name(period),
                }
        yield from within

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        period = self.value()
        if period is None:
            return queryset
        return queryset.filter(
            pk__gte=first_uuid7(_start(period)), pk__lt=first_uuid7(_end(period))
        )


def _parts(period: str) -> list[int]:
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise IncorrectLookupParameters
    return [int(part) for part in found.groups() if part is not None]


def _start(period: str) -> datetime:
    year, month, day = [*_parts(period), 1, 1][:3]
    try:
        return datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        raise IncorrectLookupParameters from None


def _end(period: str) -> datetime:
    """Return the first instant after the period."""
    start, length = _start(period), len(_parts(period))
    try:
        if length == 1:
            return start.replace(year=start.year + 1)
        if length == 2:
            return (start + timedelta(days=31)).replace(day=1)
        return start + timedelta(days=1)
    except (ValueError, OverflowError):
        raise IncorrectLookupParameters from None


def _within(period: str | None, first: datetime, last: datetime) -> list[str]:
    """Return all years, the months of a year, or the days of a month, newest first."""
    if period is None:
        return [f"{year:04}" for year in range(last.year, first.year - 1, -1)]
    length = len(_parts(period))
    if length == 1:
        return [f"{period}-{month:02}" for month in range(12, 0, -1)]
    if length == 2:
        days = (_end(period) - _start(period)).days
        return [f"{period}-{day:02}" for day in range(days, 0, -1)]
    return []


def _name(period: str) -> str:
    formats = {1: "Y", 2: "F Y", 3: "j F Y"}
    return date_format(_start(period), formats[len(_parts(period))])
