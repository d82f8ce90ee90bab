"""The filters of lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, Value
from django.db.models.functions import Lower
from django.http import QueryDict
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from customers.models.payment_method import PaymentMethodQuerySet
from customers.models.querysets import CustomerQuerySet
from customers.rest.filters import FilterSet, InstantFilter, TextFilter
from customers.rest.problems import InvalidQuery
from customers.values.uuid7 import first_uuid7, last_uuid7
from customers.values.validators import (
    METADATA_KEY_LENGTH,
    METADATA_VALUE_LENGTH,
    can_be_stored,
)

_METADATA = re.compile(rf"metadata\[(?s:(.{{1,{METADATA_KEY_LENGTH}}}))\]")
MAX_METADATA = 10
MAX_DAYS = 3650


@extend_schema_field(OpenApiTypes.OBJECT)
class MetadataFilter(django_filters.Filter):
    """Filters by metadata, of which each key is a parameter of its own: `metadata[key]`."""


class CustomerFilter(FilterSet):
    """By what customers have. All of the filters must apply; times are inclusive."""

    BY_VALUE: ClassVar = frozenset({"q", "metadata"})

    q = TextFilter(
        method="by_words",
        max_length=255,
        help_text="As the back office searches: an id in any spelling, or parts of any texts of "
        "the customer, of one of its users or of one of its payment methods",
    )
    email = TextFilter(method="by_email", help_text="Exactly this, ignoring case")
    country = TextFilter("country", help_text="ISO 3166-1 alpha-2")
    external_id = TextFilter(method="by_text", strip=False, help_text="Exactly this")
    reference = TextFilter(method="by_text", strip=False, help_text="Exactly this")
    metadata = MetadataFilter(
        method="by_metadata",
        help_text="`metadata[plan]=gold`: with exactly this value. `metadata[plan]=`: without the "
        "key, or with an empty value. Up to 10 keys.",
    )
    created_from = InstantFilter(
        "pk", "gte", bound=first_uuid7, help_text="Created at this time or later"
    )
    created_to = InstantFilter(
        "pk", "lte", bound=last_uuid7, help_text="Created at this time or earlier"
    )
    updated_from = InstantFilter(
        "updated_at", "gte", help_text="Last changed at this time or later"
    )
    updated_to = InstantFilter(
        "updated_at", "lte", help_text="Last changed at this time or earlier"
    )

    @classmethod
    def has_parameter(cls, name: str) -> bool:
        if name == "metadata":
            return False
        return super().has_parameter(name) or _METADATA.fullmatch(name) is not None

    @classmethod
    def read(cls, query: QueryDict) -> dict[str, Any]:
        values = super().read(query)
        if given := read_metadata(query):
            values["metadata"] = given
        return values

    def by_words(self, rows: CustomerQuerySet, name: str, typed: str) -> CustomerQuerySet:
        return rows.matching(typed)

    def by_email(self, rows: CustomerQuerySet, name: str, email: str) -> CustomerQuerySet:
        return rows.with_email(email)

    def by_text(self, rows: CustomerQuerySet, name: str, text: str) -> CustomerQuerySet:
        return rows.with_text(name, text)

    def by_metadata(
        self, rows: CustomerQuerySet, name: str, given: Mapping[str, str]
    ) -> CustomerQuerySet:
        for key, value in given.items():
            rows = rows.with_metadata(key, value) if value else rows.without_metadata(key)
        return rows


class PastCustomerFilter(CustomerFilter):
    """The same of customers as they stood, except for what the history cannot be searched by."""

    BY_VALUE: ClassVar = frozenset({"metadata"})

    q = None  # type: ignore[assignment]
    country = TextFilter("was_country")
    updated_from = InstantFilter("was_updated_at", "gte")
    updated_to = InstantFilter("was_updated_at", "lte")

    def by_email(self, rows: Any, name: str, email: str) -> Any:
        return rows.filter(was_email__lower=Lower(Value(email)))

    def by_text(self, rows: Any, name: str, text: str) -> Any:
        return rows.filter(**{f"was_{name}": text})

    def by_metadata(self, rows: Any, name: str, given: Mapping[str, str]) -> Any:
        for key, value in given.items():
            with_it = Q(was_metadata__contains={key: value})
            without = ~Q(was_metadata__has_key=key) | with_it
            rows = rows.filter(with_it if value else without)
        return rows


def read_metadata(query: QueryDict) -> dict[str, str]:
    """The values of the parameters `metadata[key]`, by key. Raises InvalidQuery."""
    given, wrong = {}, {}
    for name, value in query.items():
        if (match := _METADATA.fullmatch(name)) is None:
            continue
        text = str(value)
        if len(text) > METADATA_VALUE_LENGTH or not can_be_stored(text):
            wrong[name] = [f"Must be a text of at most {METADATA_VALUE_LENGTH} characters."]
        given[match[1]] = text
    if len(given) > MAX_METADATA:
        wrong["metadata"] = [f"At most {MAX_METADATA} keys can be given."]
    if wrong:
        raise InvalidQuery(wrong)
    return given


# An empty value is no filter, as for every other filter.
@extend_schema_field({"type": "string", "enum": ["true", "false", ""]})
class TrueOrFalseFilter(django_filters.ChoiceFilter):
    """Filters by `true` or `false`."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            choices=[("true", "true"), ("false", "false")],
            error_messages={"invalid_choice": "Must be true or false."},
            **options,
        )


@extend_schema_field(
    {
        "anyOf": [
            {"type": "integer", "minimum": 1, "maximum": MAX_DAYS},
            {"type": "string", "maxLength": 0},
        ]
    }
)
class DaysFilter(django_filters.NumberFilter):
    """Filters by a number of days."""

    field_class = forms.IntegerField

    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=MAX_DAYS, **options)

    def get_max_validator(self) -> None:
        """None: there is a maximum."""


class PaymentMethodFilter(FilterSet):
    """By expiry. A card is valid until its month ends, in UTC."""

    BY_VALUE: ClassVar = frozenset({"expired", "expiring_within"})

    expired = TrueOrFalseFilter(
        method="by_expired",
        help_text="`true` for those that have expired, `false` for the others",
    )
    expiring_within = DaysFilter(
        method="by_expiring",
        help_text="Those that are valid, and will have expired in so many days",
    )

    def by_expired(
        self, rows: PaymentMethodQuerySet, name: str, expired: str
    ) -> PaymentMethodQuerySet:
        return rows.expired(_today()) if expired == "true" else rows.valid(_today())

    def by_expiring(
        self, rows: PaymentMethodQuerySet, name: str, days: int
    ) -> PaymentMethodQuerySet:
        return rows.valid(_today()).expired(_today() + timedelta(days=days))


def _today() -> date:
    return datetime.now(UTC).date()
