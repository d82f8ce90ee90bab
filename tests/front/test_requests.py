"""A request of ASGI in the terms of WSGI (PEP 3333)."""

from __future__ import annotations

import asyncio

from django.core.handlers.wsgi import WSGIRequest

from billing.front.bodies import Bodies
from billing.front.requests import environ_of
from tests.front.support import Client, part, scope


def test_django_reads_it_as_it_was_sent() -> None:
    asked = scope(
        "/customers/é",
        "POST",
        [(b"content-type", b"application/json"), (b"x-api-key", b"abc")],
        raw_path=b"/customers/%C3%A9%2F%FF",
        query_string=b"a=%C3%A9&b=\xc3\xa9",
    )
    body = asyncio.run(Bodies().read(Client(part(b"{}", more=False)).receive, 10))

    request = WSGIRequest(environ_of(asked, body))

    assert request.method == "POST"
    assert request.path == "/customers/é/%FF"
    assert request.GET.dict() == {"a": "é", "b": "é"}
    assert request.content_type == "application/json"
    assert request.headers["X-Api-Key"] == "abc"
    assert request.body == b"{}"
    assert request.META["REMOTE_ADDR"] == "192.0.2.1"
    assert request.get_host() == "localhost"


def test_a_body_has_the_length_that_it_has() -> None:
    """A chunked one has none in its headers, and Django would read nothing."""
    chunked = scope(method="POST", headers=[(b"transfer-encoding", b"chunked")])
    body = asyncio.run(Bodies().read(Client(part(b"12345", more=False)).receive, 10))

    assert environ_of(chunked, body)["CONTENT_LENGTH"] == "5"
    assert "CONTENT_LENGTH" not in environ_of(scope(), None)


def test_a_header_that_is_repeated_is_one_list() -> None:
    repeated = [(b"x-a", b"1"), (b"x-a", b"2"), (b"cookie", b"a=1"), (b"cookie", b"b=2")]

    environ = environ_of(scope(headers=repeated), None)

    assert environ["HTTP_X_A"] == "1,2"
    assert environ["HTTP_COOKIE"] == "a=1; b=2"


def test_a_name_with_an_underscore_is_no_other_header() -> None:
    environ = environ_of(scope(headers=[(b"x_forwarded_proto", b"https")]), None)

    assert "HTTP_X_FORWARDED_PROTO" not in environ


def test_values_beyond_ascii_are_kept() -> None:
    environ = environ_of(scope(headers=[(b"idempotency-key", b"caf\xe9")]), None)

    assert environ["HTTP_IDEMPOTENCY_KEY"] == "café"


def test_a_client_without_an_address_has_none() -> None:
    assert environ_of(scope(client=None), None)["REMOTE_ADDR"] == ""
