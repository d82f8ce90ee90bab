"""What the tests of this contract share: the shape of an error, and what is in the store."""

from __future__ import annotations

from typing import Any

from django.db import connection

#: What customers and all that belongs to them are stored in.
TABLES = ("customers_customer", "customers_customeruser", "customers_paymentmethod")


def assert_error(response: Any, status: int, code: str | None = None) -> dict[str, Any]:
    """The body of an error that has this contract's shape."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/json"
    body: dict[str, Any] = response.json()
    assert list(body) == ["code", "message", "validation_errors"]
    assert isinstance(body["code"], str)
    assert isinstance(body["message"], str)
    assert body["code"]
    assert body["message"]
    assert isinstance(body["validation_errors"], dict)
    assert all(isinstance(text, str) and text for text in body["validation_errors"].values())
    if code is not None:
        assert body["code"] == code
    return body


def send(
    client: Any,
    method: str,
    path: str,
    body: bytes | str = b"",
    content_type: str = "",
    **extra: Any,
) -> Any:
    """The answer to a request whose body and content type are exactly these."""
    return client.generic(method, path, body, content_type, **extra)


def stored() -> list[Any]:
    """All rows of customers, their users, their payment methods, and of the history of these."""
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(
                f"SELECT coalesce(string_agg(r::text, '' ORDER BY r::text), '') FROM {table} r"
                for name in TABLES
                for table in (name, f"{name}event")
            )
        )
        rows: list[Any] = cursor.fetchall()
        return rows


def everything_stored() -> str:
    """Every row of every table, as text."""
    texts = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT r::text FROM "{table}" r')
            texts += [row[0] for row in cursor.fetchall()]
    return "\n".join(texts)
