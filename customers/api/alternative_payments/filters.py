"""The filters of the customer list."""

from datetime import datetime

import django_filters

from customers.models.querysets import CustomerQuerySet
from customers.rest.filters import InstantFilter, TextFilter


class CustomerFilter(django_filters.FilterSet):
    """By creation time (both ends are inclusive) and by name."""

    created_at_start = InstantFilter(
        method="since", help_text="Filter by creation date start (RFC 3339 with a zone, inclusive)"
    )
    created_at_end = InstantFilter(
        method="until", help_text="Filter by creation date end (RFC 3339 with a zone, inclusive)"
    )
    company_name = TextFilter(
        method="named",
        help_text="Filter by customer name: contained in `name` or `legal_name`, ignoring case",
    )

    def since(self, rows: CustomerQuerySet, name: str, start: datetime) -> CustomerQuerySet:
        return rows.created_between(start=start)

    def until(self, rows: CustomerQuerySet, name: str, end: datetime) -> CustomerQuerySet:
        return rows.created_between(end=end)

    def named(self, rows: CustomerQuerySet, name: str, part: str) -> CustomerQuerySet:
        return rows.named(part)
