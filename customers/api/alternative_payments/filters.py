"""The filters of the customer list."""

from customers.models.querysets import CustomerQuerySet
from customers.rest.filters import FilterSet, InstantFilter, TextFilter
from customers.values.uuid7 import first_uuid7, last_uuid7


class CustomerFilter(FilterSet):
    """By creation time (both ends are inclusive) and by name."""

    created_at_start = InstantFilter(
        "pk",
        "gte",
        bound=first_uuid7,
        help_text="Filter by creation date start (RFC 3339 with a zone, inclusive)",
    )
    created_at_end = InstantFilter(
        "pk",
        "lte",
        bound=last_uuid7,
        help_text="Filter by creation date end (RFC 3339 with a zone, inclusive)",
    )
    company_name = TextFilter(
        method="named",
        help_text="Filter by customer name: contained in `name` or `legal_name`, ignoring case",
    )

    def named(self, rows: CustomerQuerySet, name: str, part: str) -> CustomerQuerySet:
        return rows.named(part)
