"""Times in fixtures, to the microsecond.

Django writes times in JSON to the millisecond, as ECMAScript does. The serializers here write the
whole time. Where a fixture of other origin lacks the rest of `created_at`, the row's id has it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from customers.values.uuid7 import created_at

_MILLISECOND = timedelta(milliseconds=1)


class Encoder(DjangoJSONEncoder):
    """Writes times to the microsecond."""

    def default(self, o: Any) -> Any:
        if isinstance(o, datetime):
            return o.isoformat().replace("+00:00", "Z")
        return super().default(o)


class Loadable:
    """Makes a serializer of JSON write whole times, and no columns that the database generates."""

    json_kwargs: dict[str, Any]

    def _init_options(self) -> None:
        super()._init_options()  # type: ignore[misc]
        self.json_kwargs["cls"] = Encoder

    def handle_field(self, obj: models.Model, field: models.Field[Any, Any]) -> None:
        if not field.generated:
            super().handle_field(obj, field)  # type: ignore[misc]


def complete(row: models.Model) -> None:
    """Restore the microseconds of `created_at` if it was cut to the millisecond."""
    id, cut = getattr(row, "id", None), getattr(row, "created_at", None)
    if not isinstance(id, UUID) or not isinstance(cut, datetime) or cut.tzinfo is None:
        return
    whole = created_at(id)
    if cut.microsecond % 1000 == 0 and cut < whole < cut + _MILLISECOND:
        row.created_at = whole  # type: ignore[attr-defined]
        # It was cut as well, and no row is changed before it is created.
        if getattr(row, "updated_at", whole) < whole:
            row.updated_at = whole  # type: ignore[attr-defined]
