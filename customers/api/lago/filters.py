"""The filters of the customer list."""

from customers.models.querysets import CustomerQuerySet
from customers.rest.filters import FilterSet, TextFilter, TextsFilter


class CustomerFilter(FilterSet):
    """By what the caller searches for, by its own id, and by address. All of them must apply."""

    search_term = TextFilter(
        method="by_search_term",
        help_text="Contained in the name, the legal name, the email or the external id, "
        "ignoring case",
    )
    external_id = TextFilter("external_id", strip=False, help_text="Exactly this")
    # The names on the wire are no names in Python.
    vars()["countries[]"] = TextsFilter("country", help_text="One of these, alpha-2")
    vars()["states[]"] = TextsFilter("state", help_text="One of these")
    vars()["zipcodes[]"] = TextsFilter("postal_code", help_text="One of these")

    def by_search_term(self, rows: CustomerQuerySet, name: str, part: str) -> CustomerQuerySet:
        return rows.containing(part, "name", "legal_name", "email", "external_id")
