"""Sends requests through the whole stack in this process, as the web server would."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, unquote_to_bytes, urlencode
from wsgiref.util import setup_testing_defaults

from django.core.servers.basehttp import get_internal_wsgi_application
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import override_settings
from django.utils import timezone

from customers.models import ApiKey, Mode, OAuthClient, Organization
from customers.replay.ids import Ids
from customers.rest.contract import Contract
from customers.rest.traffic import Exchange

HOST = "localhost"
ORIGIN = f"https://{HOST}"
#: Of the credentials, in case that this process is killed before it revokes them.
LIFETIME = timedelta(days=1)

# Other headers of a recording, such as cookies and compression, are of its browser or its proxy.
_SENT = ("accept", "content-type", "idempotency-key", "if-match", "if-none-match")
_ETAGS = ("if-match", "if-none-match")
_AROUND_REQUESTS = (request_started, request_finished)
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the registry answered. Names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    text: str


@contextmanager
def undisturbed() -> Iterator[None]:
    """Without limits of requests, without replicas, and without a line in the log for each one.

    The connection stays open between requests: a dry run is one transaction.
    """
    former = logging.root.manager.disable
    logging.disable(logging.WARNING)
    for signal in _AROUND_REQUESTS:
        signal.disconnect(close_old_connections)
    try:
        with override_settings(
            ALLOWED_HOSTS=[HOST],
            CREDENTIAL_CACHE_SECONDS=0,  # the credentials end with the replay
            FAILED_KEY_RATE_LIMIT="",
            RATE_LIMIT="",
            REPLICAS=[],  # they do not see what a dry run writes
            TOKEN_RATE_LIMIT="",
        ):
            yield
    finally:
        for signal in _AROUND_REQUESTS:
            signal.connect(close_old_connections)
        logging.disable(former)


class Sender:
    """A client with an API key of its own, and an OAuth client where the contract has tokens."""

    def __init__(self, contract: Contract, organization: Organization, ids: Ids) -> None:
        self._application = get_internal_wsgi_application()
        self._contract, self._ids = contract, ids
        self._etags: dict[str, str] = {}
        given: Any = {"name": "Replay", "expires_at": timezone.now() + LIFETIME}
        self._key, self._secret = ApiKey.issue(organization, Mode.TEST, **given)
        self._client: OAuthClient | None = None
        if contract.traffic.token_paths:
            self._client, self._client_secret = OAuthClient.issue(organization, Mode.TEST, **given)

    def revoke(self) -> None:
        """End the credentials. Access tokens end with their client."""
        self._key.revoke()
        if self._client is not None:
            self._client.revoke()

    def send(self, exchange: Exchange) -> Answer:
        """Send a recorded request, with ids of the registry and with its own credential."""
        headers = {name: exchange.headers[name] for name in _SENT if name in exchange.headers}
        for name in _ETAGS:
            if name in headers:
                headers[name] = self._etags.get(headers[name], headers[name])
        body = self._ids.body(exchange.body, headers.get("content-type", ""))
        if exchange.path in self._contract.traffic.token_paths:
            body = self._as_client(exchange, headers, body)
        else:
            self._as_caller(exchange, headers)
        answer = self._answer(
            exchange.method,
            self._ids.path(exchange.path),
            self._ids.query(exchange.query),
            headers,
            body,
        )
        if "etag" in exchange.answered_headers and "etag" in answer.headers:
            self._etags[exchange.answered_headers["etag"]] = answer.headers["etag"]
        return answer

    def _as_caller(self, exchange: Exchange, headers: dict[str, str]) -> None:
        """Show the API key, or the credential that was refused.

        A recorded access token is shown as the one that was issued in its place.
        """
        name = self._contract.credential_header.lower()
        recorded = exchange.headers.get(name)
        if exchange.status in self._contract.traffic.refusals:
            if recorded is not None:
                headers[name] = recorded
            return
        token = self._ids.here((recorded or "").rpartition(" ")[2])
        secret = self._secret if token is None else token
        headers[name] = self._contract.key_header.partition(": ")[2].format(api_key=secret)

    def _as_client(self, exchange: Exchange, headers: dict[str, str], body: bytes) -> bytes:
        """Show the OAuth client, where the recorded one was not refused."""
        recorded = exchange.headers.get("authorization")
        if exchange.status in self._contract.traffic.refusals:
            if recorded is not None:
                headers["authorization"] = recorded
            return body
        assert self._client is not None
        pair = f"{self._client.client_id}:{self._client_secret}"
        headers["authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        if headers.get("content-type", "").startswith(_FORM):
            form = parse_qsl(body.decode(errors="replace"), keep_blank_values=True)
            kept = [(name, value) for name, value in form if not name.startswith("client_")]
            return body if kept == form else urlencode(kept).encode()
        return body

    def _answer(
        self, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        environ: dict[str, Any] = {}
        setup_testing_defaults(environ)
        environ |= {
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_HOST": HOST,
            "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            "QUERY_STRING": query.encode(errors="surrogateescape").decode("latin-1"),
            "REMOTE_ADDR": "127.0.0.1",
            "REQUEST_METHOD": method,
            "SCRIPT_NAME": "",
            "SERVER_PORT": "443",
            "wsgi.input": BytesIO(body),
            "wsgi.url_scheme": "https",
        }
        for name, value in headers.items():
            key = name.upper().replace("-", "_")
            environ[key if key == "CONTENT_TYPE" else f"HTTP_{key}"] = value
        begun: list[Any] = []

        def start(status: str, pairs: list[tuple[str, str]], *_: Any) -> Any:
            begun[:] = status, pairs

        response: Any = self._application(environ, start)
        try:
            content = b"".join(response)
        finally:
            response.close()
        status, pairs = begun
        return Answer(
            int(status.split()[0]),
            {name.lower(): value for name, value in pairs},
            content.decode(errors="replace"),
        )
