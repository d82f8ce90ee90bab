"""Idempotent retries: a write sent again with the same `Idempotency-Key` happens once.

The header is that of the IETF draft `draft-ietf-httpapi-idempotency-key-header`. A key that is in
use, or was used for another request, gets 409, as Vatly documents it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from customers.models import IdempotencyRecord
from customers.models.credential import Credential
from customers.rest.renderers import dump_json

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_FORM = re.compile(r"[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?")

Handler = Callable[..., HttpResponseBase]


class InvalidKey(exceptions.ParseError):
    """The key is empty, longer than 255 characters, or not printable ASCII."""

    default_detail = "Idempotency-Key must be 1 to 255 printable ASCII characters."


class KeyInUse(exceptions.APIException):
    """A request with this key is in progress."""

    status_code = 409
    default_detail = "A request with this Idempotency-Key is still in progress."
    wait = 1.0  # seconds, sent as Retry-After


class KeyReused(exceptions.APIException):
    """The key was used for another request."""

    status_code = 409
    default_detail = "This Idempotency-Key was used for another request."


def key_of(request: Request) -> str | None:
    """The request's key, if it has one. Raises InvalidKey."""
    key = request.headers.get(HEADER)
    if key is not None and not _FORM.fullmatch(key):
        raise InvalidKey
    return key


def once(handler: Handler, request: Request, key: str) -> Handler:
    """`handler`, run at most once for this key: its response is recorded and replayed.

    The claim on the key, the write and the record of the response are one transaction. A concurrent
    request with the same key gets 409. A later one gets the recorded bytes, even if the first
    response never arrived. Errors are not recorded: a retry runs again.
    """
    credential = request.auth
    assert isinstance(credential, Credential)
    key_digest = hashlib.sha256(key.encode()).hexdigest()
    asked = fingerprint(request)  # before the body is parsed, while its bytes can be read

    @transaction.atomic
    def handle(*args: Any, **kwargs: Any) -> HttpResponse:
        if not IdempotencyRecord.claim(credential, key_digest):
            raise KeyInUse
        identity = {
            "organization_id": credential.tenant.organization_id,
            "credential": credential.owner,
            "key_digest": key_digest,
        }
        record = IdempotencyRecord.objects.filter(**identity).first()
        if record is not None and record.has_expired:
            record.delete()
            record = None
        if record is not None:
            if record.fingerprint != asked:
                raise KeyReused
            return _answer(record, {REPLAYED: "true"})

        response = handler(*args, **kwargs)
        assert isinstance(response, Response)
        record = IdempotencyRecord(
            **identity,
            fingerprint=asked,
            status=response.status_code,
            headers={name: text for name, text in response.items() if name != "Content-Type"},
            body=dump_json(response.data),
        )
        record.save(force_insert=True)
        return _answer(record)

    return handle


def fingerprint(request: Request) -> str:
    """What makes two requests the same: method, path with query, and the body's bytes."""
    parts = (request.method or "", request.get_full_path(), request.headers.get("If-Match", ""))
    digest = hashlib.sha256("\n".join(parts).encode())
    digest.update(b"\n" + request._request.body)
    return digest.hexdigest()


def _answer(record: IdempotencyRecord, more: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(
        bytes(record.body),
        content_type="application/json",
        status=record.status,
        headers={**record.headers, **(more or {})},
    )
