"""Customers as a file to take away."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse

from customers.imports.exporting import export
from customers.models.querysets import CustomerQuerySet


def export_response(customers: CustomerQuerySet, file_name: str) -> StreamingHttpResponse:
    """The customers as a CSV file that imports back as unchanged."""
    return csv_response(export(customers), file_name)


def csv_response(pieces: Iterable[str], file_name: str) -> StreamingHttpResponse:
    """A CSV file that the browser saves."""
    response = StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
