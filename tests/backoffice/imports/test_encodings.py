"""A file that is not in Unicode is read as the person chooses."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from customers.models import CustomerImport, ImportRow
from tests.backoffice.support import at, text


def upload(manager: Client, content: bytes, **data: str) -> Any:
    return manager.post(
        at("import_new"), {"file": SimpleUploadedFile("customers.csv", content), **data}
    )


def test_the_page_shows_how_a_line_reads_in_each_encoding(manager: Client) -> None:
    answer = upload(manager, "name;city\nРомашка;Казань\n".encode("cp1251"))

    assert answer.status_code == 400
    assert 'name="encoding" value="cp1251"' in text(answer)
    assert "<bdi>Ромашка;Казань</bdi>" in text(answer)
    assert not CustomerImport.objects.exists()


def test_the_chosen_encoding_is_used(manager: Client) -> None:
    content = "name;city\nРомашка;Казань\n".encode("cp1251")

    assert upload(manager, content, encoding="cp1251").status_code == 302
    assert ImportRow.objects.get().cells == ["Ромашка", "Казань"]


def test_unicode_is_unicode_whatever_is_chosen(manager: Client) -> None:
    upload(manager, "name\nРомашка\n".encode(), encoding="cp1252")

    assert ImportRow.objects.get().cells == ["Ромашка"]


@pytest.mark.parametrize(
    ("name", "encoding"),
    [
        ("Łódź", "cp1250"),
        ("Café Crème", "cp1252"),
        ("Müller", "mac_roman"),
        ("Müller", "cp850"),
        ("株式会社", "cp932"),
        ("北京云海", "gb18030"),
    ],
)
def test_no_encoding_is_guessed(manager: Client, name: str, encoding: str) -> None:
    assert upload(manager, f"name\n{name}\n".encode(encoding)).status_code == 400
    assert not ImportRow.objects.exists()
