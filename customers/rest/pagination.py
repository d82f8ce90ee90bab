"""What the contracts' ways of paging have in common: a serializer that reads the page's query."""

from __future__ import annotations

from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request

from customers.rest.problems import InvalidQuery


class QueryPagination(BasePagination):
    """Pages asked for by the query parameters that are the fields of `query`."""

    query: ClassVar[type[serializers.Serializer[Any]]]

    @property
    def query_parameters(self) -> set[str]:
        """The query parameters that a page has."""
        return set(self.query().fields)

    def read_query(self, request: Request) -> dict[str, Any]:
        """The page that is asked for. Raises InvalidQuery."""
        query = self.query(data=request.query_params.dict())
        if not query.is_valid():
            raise InvalidQuery(query.errors)
        asked: dict[str, Any] = query.validated_data
        return asked
