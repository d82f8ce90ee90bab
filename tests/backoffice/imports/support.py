"""Helpers for the tests of the pages of imports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers.models import Customer, CustomerImport
from tests.imports.support import csv_bytes

CustomerEvent: Any = Customer._meta.get_field("events").related_model
HOME = "/backoffice/acme/live/imports/"
MIXED = [["external_id", "name"], ["x-1", "New one"], ["ext-1", "Renamed"]]


def upload(
    client: Client, content: bytes | Iterable[Sequence[str]], name: str = "customers.csv"
) -> Any:
    data = content if isinstance(content, bytes) else csv_bytes(*content)
    return client.post(f"{HOME}new/", {"file": SimpleUploadedFile(name, data)})


def url_of(customer_import: CustomerImport, part: str = "") -> str:
    return f"{HOME}{customer_import.pk}/{part}"


def text(response: Any) -> str:
    body = b"".join(response.streaming_content) if response.streaming else response.content
    return str(body.decode())


def only_import() -> CustomerImport:
    return CustomerImport.objects.get()


def send_confirmation(
    client: Client, customer_import: CustomerImport, *, follow: bool = False, **sent: str
) -> Any:
    """Press the button of the import's page."""
    customer_import.refresh_from_db()
    data = {"revision": str(customer_import.revision), **sent}
    return client.post(url_of(customer_import, "confirm/"), data, follow=follow)
