"""The filters of the customer list."""

from customers.models.querysets import CustomerQuerySet
from customers.rest.filters import FilterSet, TextFilter


class CustomerFilter(FilterSet):
    """Fields that contain the given text, ignoring case; the country exactly."""

    email = TextFilter(method="by_email", strip=False, help_text="Containing this")
    country = TextFilter(method="by_country", strip=False, help_text="Exactly this")
    reference = TextFilter(method="by_reference", strip=False, help_text="Containing this")
    external_reference = TextFilter(
        method="by_external_reference", strip=False, help_text="Containing this"
    )

    def by_email(self, rows: CustomerQuerySet, name: str, part: str) -> CustomerQuerySet:
        return rows.email_containing(part)

    def by_country(self, rows: CustomerQuerySet, name: str, country: str) -> CustomerQuerySet:
        return rows.filter(country=country)

    def by_reference(self, rows: CustomerQuerySet, name: str, part: str) -> CustomerQuerySet:
        return rows.reference_containing(part)

    def by_external_reference(
        self, rows: CustomerQuerySet, name: str, part: str
    ) -> CustomerQuerySet:
        return rows.processor_reference_containing(part)
