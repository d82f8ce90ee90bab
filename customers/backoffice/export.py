"""Downloads of CSV files."""

from collections.abc import Iterable

from django.http import StreamingHttpResponse

from customers.imports.export import export
from customers.models.querysets import CustomerQuerySet


def export_response(customers: CustomerQuerySet, file_name: str) -> StreamingHttpResponse:
    """A CSV file of the customers, which imports as unchanged."""
    return csv_response(export(customers), file_name)


def csv_response(parts: Iterable[str], file_name: str) -> StreamingHttpResponse:
    """A CSV file as a download."""
    response = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response
