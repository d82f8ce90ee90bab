"""The base of the contracts' paginations: a serializer reads the query parameters.

The rows of a page are read by `customers.rest.reading`.
"""

from __future__ import annotations

from functools import cache
from typing import Any, ClassVar

from drf_spectacular.drainage import get_override
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

from customers.models.keyset import Page, Place
from customers.rest.fields import Body
from customers.rest.problems import InvalidQuery
from customers.rest.reading import Found


class QueryPagination(BasePagination):
    """Pagination by the query parameters that are the fields of `query`.

    The OpenAPI document describes each by its field: `help_text`, and bounds and default of a
    number or otherwise the schema that `extend_schema_field` gave its class.
    """

    query: ClassVar[type[Body]]
    newest_first = True

    @classmethod
    @cache
    def query_parameters(cls) -> frozenset[str]:
        """The names of the query parameters."""
        return frozenset(cls.query().fields)

    def read_query(self, request: Request) -> dict[str, Any]:
        """The validated query parameters. Raises InvalidQuery."""
        try:
            return self.query.read(request.query_params.dict())
        except serializers.ValidationError as error:
            raise InvalidQuery(error.detail) from None

    def read_place(self, request: Request) -> Place:
        """The place of the page that is asked for. Raises InvalidQuery.

        The names of the query's values are those of a `Place`.
        """
        return Place(**self.read_query(request), newest_first=self.newest_first)

    def envelope(self, page: Page[Found]) -> dict[str, Any]:
        """The body of a page."""
        raise NotImplementedError

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        return [
            {"name": name, "in": "query", "description": field.help_text, "schema": _schema(field)}
            for name, field in self.query().fields.items()
        ]


def _schema(field: Any) -> dict[str, Any]:
    if isinstance(field, serializers.ChoiceField):
        return {"type": "string", "enum": list(field.choices), "default": field.default}
    if not isinstance(field, serializers.IntegerField):
        described: dict[str, Any] = get_override(field, "field")
        return described
    default: Any = field.default
    if default is empty:
        default = field.initial
    bounds = {"type": "integer", "minimum": field.min_value, "maximum": field.max_value}
    return bounds if default is None else {**bounds, "default": default}
