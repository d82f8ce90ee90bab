"""The parameter `as_of`: what is asked for is answered from the history, as it stood at a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from customers.insights.past import newest_at
from customers.rest.fields import Body
from customers.rest.filters import INSTANT, InstantField
from customers.rest.problems import InvalidQuery

PARAMETER = "as_of"
_NOT_WITH_IT = "Cannot be combined with as_of."


@extend_schema_field(INSTANT)
class AsOfField(serializers.CharField):
    """A time that is not in the future."""

    default_error_messages = {"future": "Must not be in the future."}

    def __init__(self) -> None:
        super().__init__(
            default=None,
            allow_blank=True,
            trim_whitespace=False,
            help_text="A time: what is asked for as it stood then",
        )
        self._instant = InstantField(required=False)

    def to_internal_value(self, data: Any) -> Any:
        try:
            at = self._instant.clean(super().to_internal_value(data))
        except ValidationError as error:
            raise serializers.ValidationError(error.messages, "invalid") from None
        if at is not None and at > timezone.now():
            self.fail("future")
        return at


class AsOfQuery(Body):
    """What the query asks for as it stood."""

    as_of = AsOfField()


class AsOf(NamedTuple):
    """A time in the past, as the sources of customers take it."""

    as_of: datetime
    newest: UUID


def read_as_of(query: QueryDict, *, refusing: Collection[str] = ()) -> AsOf | None:
    """The time that a query asks for, or None if it asks for what is there now.

    `refusing` has the parameters that cannot be combined with it. Raises InvalidQuery.
    """
    try:
        at = AsOfQuery.read(query.dict())[PARAMETER]
    except serializers.ValidationError as error:
        raise InvalidQuery(error.detail) from None
    if not at:
        return None
    if wrong := {name: [_NOT_WITH_IT] for name in refusing if query.get(name)}:
        raise InvalidQuery(wrong)
    return AsOf(at, newest_at(at))
