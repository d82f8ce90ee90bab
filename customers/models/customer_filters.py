"""The ways to choose among customers."""

from __future__ import annotations

import json
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Lower

from customers.models.search import field_contains, lines_contain
from customers.values.uuid7 import first_uuid7, last_uuid7

if TYPE_CHECKING:
    from customers.models.customer import Customer  # noqa: F401 (in a string)


class CustomerFilters(models.QuerySet["Customer"]):
    """Filters. The `…_containing` ones ignore case and match `%` and `_` literally."""

    def live(self) -> Self:
        return self.filter(archived_at=None)

    def archived(self) -> Self:
        return self.exclude(archived_at=None)

    def named(self, part: str) -> Self:
        """Whose name or legal name contains `part`."""
        return self.containing(part, "name", "legal_name")

    def email_containing(self, part: str) -> Self:
        return self.containing(part, "email")

    def reference_containing(self, part: str) -> Self:
        return self.containing(part, "reference")

    def processor_reference_containing(self, part: str) -> Self:
        return self.containing(part, "processor_reference")

    def containing(self, part: str, *names: str) -> Self:
        """Of whose fields with these names one contains `part`."""
        fields = (Q(field_contains(name, part)) for name in names)
        return self.filter(lines_contain(part), reduce(or_, fields))

    def with_text(self, name: str, text: str) -> Self:
        """Of whom a field of text is exactly this."""
        return self.filter(lines_contain(text), **{name: text})

    def with_metadata(self, key: str, value: str) -> Self:
        """Whose metadata has this value under the key."""
        part = json.dumps(value, ensure_ascii=False)[1:-1]  # as `search_text` has it
        return self.filter(lines_contain(part), metadata__contains={key: value})

    def without_metadata(self, key: str) -> Self:
        """Whose metadata has no value under the key: it is not there, or empty."""
        return self.filter(~Q(metadata__has_key=key) | Q(metadata__contains={key: ""}))

    def with_email(self, email: str) -> Self:
        """Whose email is this one, ignoring case."""
        return self.filter(email__lower=Lower(Value(email)))

    def created_between(self, start: datetime | None = None, end: datetime | None = None) -> Self:
        """Created from `start` to `end`, both inclusive: a range of ids, which contain the time."""
        found = self.all()
        if start is not None:
            found = found.filter(pk__gte=first_uuid7(start))
        if end is not None:
            found = found.filter(pk__lte=last_uuid7(end))
        return found

    def updated_between(self, start: datetime | None = None, end: datetime | None = None) -> Self:
        """Last changed from `start` to `end`, both inclusive."""
        found = self.all()
        if start is not None:
            found = found.filter(updated_at__gte=start)
        if end is not None:
            found = found.filter(updated_at__lte=end)
        return found

    def with_card_expired(self, by: date) -> Self:
        """Who have a payment method that has expired by a day."""
        model: Any = self.model._meta.get_field("payment_methods").related_model
        methods = model._default_manager
        return self.filter(Exists(methods.expired(by).filter(customer=OuterRef("pk"))))

    def without_payment_method(self) -> Self:
        """Who have no way to pay."""
        model: Any = self.model._meta.get_field("payment_methods").related_model
        return self.filter(~Exists(model._default_manager.filter(customer=OuterRef("pk"))))

    def without_address(self) -> Self:
        """Of whose address neither the street, the city nor the postal code is known."""
        return self.filter(address_line1=None, city=None, postal_code=None)
