"""Content types that name a charset: whichever it is, the answer is this contract's.

These go through the WSGI application itself: Django reads the charset before its test client, or
any middleware, has a say.
"""

from __future__ import annotations

import io
import json
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.signals import request_started
from django.db import close_old_connections

from billing.wsgi import application
from customers.models import ApiKey, Customer, Organization

CHARSETS = ["hex", "base64", "rot13", "undefined", "idna", "punycode", "no-such", "utf-16", '"', ""]


def ask(
    secret: str, method: str, path: str, content_type: str, body: bytes = b""
) -> tuple[int, Any]:
    """The status and the body with which the WSGI application answers."""
    path, _, query = path.partition("?")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "CONTENT_TYPE": content_type,
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_HOST": "localhost",
        "HTTP_AUTHORIZATION": f"Bearer {secret}",
        "wsgi.input": io.BytesIO(body),
    }
    setup_testing_defaults(environ)
    status = []
    # It would close the connection that the test's transaction is in.
    request_started.disconnect(close_old_connections)
    try:
        chunks = application(environ, lambda line, _headers: status.append(int(line.split()[0])))
    finally:
        request_started.connect(close_old_connections)
    return status[0], json.loads(b"".join(chunks))


@pytest.fixture
def secret(acme: Organization) -> str:
    return ApiKey.issue(acme, "live")[1]


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_strange_charset_of_a_query_is_the_callers_mistake_at_most(
    secret: str, customer: Customer, charset: str
) -> None:
    status, body = ask(secret, "GET", "/customers?limit=5", f"text/plain; charset={charset}")

    assert status in (200, 400, 415)
    if status == 200:
        assert [row["id"] for row in body["data"]] == [str(customer.pk)]
    else:
        assert list(body) == ["code", "message", "validation_errors"]


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_strange_charset_of_a_body_is_the_callers_mistake_at_most(
    secret: str, charset: str
) -> None:
    content_type = f"application/json; charset={charset}"
    status, body = ask(secret, "POST", "/customers", content_type, '{"name": "Köln"}'.encode())

    assert status in (201, 400, 415)
    if status == 201:
        assert body["name"] == "Köln"
    else:
        assert list(body) == ["code", "message", "validation_errors"]
