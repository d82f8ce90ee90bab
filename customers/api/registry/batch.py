"""The endpoint of batches: many customers, created or changed by their external ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from customers.api.registry.contract import BATCH_BYTES
from customers.api.registry.endpoints import Endpoint, changed_members
from customers.api.registry.errors import BatchRefused, faults
from customers.api.registry.openapi import WRITE, errors
from customers.api.registry.serializers import BatchSerializer, BatchWrite, CustomerSerializer
from customers.models import Customer
from customers.models.batch import BatchRow, Outcome, upsert_many
from customers.rest.fields import StrictText
from customers.rest.parsers import StrictJSONParser
from customers.rest.problems import stored_fields

MOST = 1_000
NOT_CUSTOMERS = "Must be a list of 1 to 1,000 customers."
NOT_AN_OBJECT = "Must be an object."
NOT_A_BOOLEAN = "Must be true or false."


class BatchParser(StrictJSONParser):
    """The body of a batch."""

    max_bytes = BATCH_BYTES


class BatchView(Endpoint):
    """Batches of customers."""

    queryset = Customer.objects.none()
    serializer_class = CustomerSerializer

    def get_parsers(self) -> list[Any]:
        return [BatchParser()]

    @extend_schema(
        operation_id="upsert_customers",
        summary="Create or change many customers",
        tags=["Customers"],
        parameters=WRITE,
        request=BatchWrite,
        responses={
            200: OpenApiResponse(BatchSerializer, "What has become of each customer."),
            **errors(409, 413, 415, 422),
        },
    )
    def create(self, request: Request) -> Response:
        rows, all_or_nothing = read_batch(dict(request.data))
        upsert_many(self.tenant, rows, all_or_nothing=all_or_nothing)
        results = [self.result(index, row) for index, row in enumerate(rows)]
        counts = Counter(row.outcome for row in rows)
        if all_or_nothing and counts[Outcome.REFUSED]:
            raise BatchRefused([fault for result in results for fault in result["errors"]])
        return Response(
            {
                "dry_run": self.is_dry_run,
                **{outcome.value: counts[outcome] for outcome in Outcome},
                "results": results,
            }
        )

    def result(self, index: int, row: BatchRow) -> dict[str, Any]:
        """What has become of one customer."""
        external_id = row.values.get("external_id")
        is_refused = bool(row.errors)
        found: dict[str, Any] = {
            "index": index,
            "external_id": external_id if isinstance(external_id, str) else None,
            "outcome": row.outcome.value,
            "id": row.id,
            "version": row.version,
            "errors": [],
        }
        if is_refused:
            wrong = stored_fields(ValidationError(dict(row.errors)))
            found["errors"] = list(faults(wrong, f"#/customers/{index}"))
        elif self.is_dry_run:
            after = self.members_of(row.after(self.tenant))
            before = None if row.customer is None else self.members_of(row.customer)
            found |= {"record": after, "changes": changed_members(before, after)}
        return found


def read_batch(data: Mapping[str, Any]) -> tuple[list[BatchRow], bool]:
    """The customers of a body, and whether all are written or none.

    Raises:
        ValidationError: DRF's, of the body as a whole.
    """
    given, all_or_nothing = data.get("customers"), data.get("all_or_nothing", False)
    wrong = {}
    if not isinstance(given, list) or not 1 <= len(given) <= MOST:
        wrong["customers"] = [serializers.ErrorDetail(NOT_CUSTOMERS, "size")]
    if not isinstance(all_or_nothing, bool):
        wrong["all_or_nothing"] = [serializers.ErrorDetail(NOT_A_BOOLEAN, "type")]
    if wrong:
        raise serializers.ValidationError(wrong)
    assert isinstance(given, list)
    return [read_row(item) for item in given], all_or_nothing


def read_row(item: Any) -> BatchRow:
    """One customer of a body: the kinds of its values are checked here, the rest by the store.

    A serializer would take longer for each than the database takes to write it.
    """
    if not isinstance(item, dict):
        return BatchRow({}, {"body": [ValidationError(NOT_AN_OBJECT, code="type")]})
    values, wrong = {}, {}
    for name in Customer.WRITABLE & item.keys():
        value = item[name]
        if name == "metadata":
            values[name] = {} if value == [] else value
        elif value is None or isinstance(value, str):
            values[name] = value
        else:
            text = StrictText.default_error_messages["type"]
            wrong[name] = [ValidationError(text, code="type")]
    return BatchRow(values, wrong)
