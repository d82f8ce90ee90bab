"""Every failure of a request as a `Problem`, which the contracts render."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import (
    BadRequest,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404
from rest_framework import exceptions
from rest_framework.exceptions import ErrorDetail

from customers.models.errors import (
    BeforeTheRecord,
    Locked,
    Refusal,
    VersionMismatch,
    is_unavailable,
)

logger = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 1  # of a 503: a database fail-over takes a few
_RETRY = {"Retry-After": str(RETRY_AFTER_SECONDS)}


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong: a status, a stable code, a sentence, and the fields at fault."""

    status: int
    code: str
    message: str
    fields: Mapping[str, list[ErrorDetail]] = field(default_factory=dict)
    """Sentences, each a text with a `code`."""

    headers: Mapping[str, str] = field(default_factory=dict)
    cause: Exception | None = None
    """The exception, where a contract needs to distinguish its kinds."""


class InvalidQuery(exceptions.ValidationError):
    """The query string has unknown, repeated or invalid parameters: `detail` is by parameter."""

    default_code = "invalid_query"


class PathNotFound(exceptions.NotFound):
    """Nothing is served at this path; a customer that is not there has one that is served."""

    default_detail = "There is nothing here."


class PayloadTooLarge(exceptions.APIException):
    """The body is larger than the limit."""

    status_code = 413
    default_code = "payload_too_large"
    default_detail = "The request body is too large."


class EncodedBody(exceptions.APIException):
    """The body has a content coding (RFC 9110, 8.4), and none is decoded here."""

    status_code = 415
    default_code = "unsupported_media_type"

    headers: ClassVar = {"Accept-Encoding": "identity"}

    _KNOWN = frozenset({"gzip", "x-gzip", "deflate", "compress", "br", "zstd"})

    def __init__(self, coding: str) -> None:
        known = coding.strip().lower()  # no other text of a caller is repeated
        named = f"The content encoding {known}" if known in self._KNOWN else "This content encoding"
        super().__init__(f"{named} is not supported. Send the body as it is (identity).")


_STATUS = {
    400: ("bad_request", "The request cannot be read."),
    401: ("unauthorized", "The request has no valid credential."),
    403: ("forbidden", "The credential does not allow this."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "This method is not allowed here."),
    409: ("conflict", "The request conflicts with what is stored."),
    410: ("gone", "What was here is not kept any more."),
    412: ("precondition_failed", "The precondition does not hold."),
    408: ("request_timeout", "The request body has not arrived in time."),
    413: ("payload_too_large", "The request body is too large."),
    415: ("unsupported_media_type", "The content type of the request body is not supported."),
    422: ("validation_failed", "The request has values that are not accepted."),
    429: ("too_many_requests", "Too many requests. Try again later."),
    500: ("internal_error", "Something went wrong here. Nothing was stored."),
    503: ("unavailable", "The service is not available at the moment. Try again."),
}


def of_status(status: int, message: str | None = None, **details: Any) -> Problem:
    """The problem of a status, with the status's own message unless one is given."""
    code, sentence = _STATUS.get(status, _STATUS[400 if status < 500 else 500])
    return Problem(status, code, message or sentence, **details)


def unavailable(seconds: float = RETRY_AFTER_SECONDS) -> Problem:
    """The problem of a service that is to be asked again after so many seconds."""
    return of_status(503, headers={"Retry-After": str(math.ceil(seconds))})


def of_exception(error: Exception) -> Problem:  # noqa: C901 (one case a line)
    """The problem of an exception. Unexpected exceptions are logged.

    Fields keep the names that the exception has for them: the wire's where a serializer or a query
    raised it, the store's where the domain did.
    """
    match error:
        case InvalidQuery():
            fields = _fields(error.detail)
            return of_status(400, "The query is not valid.", fields=fields, cause=error)
        case exceptions.ValidationError():
            return of_status(422, fields=_fields(error.detail))
        case ValidationError():
            return of_status(422, fields=stored_fields(error))
        case VersionMismatch():
            return of_status(412, str(error), cause=error)
        case Locked():
            return of_status(409, str(error), headers=_RETRY, cause=error)
        case BeforeTheRecord():
            return of_status(404, str(error), cause=error)
        case Refusal():
            sentence = ErrorDetail(str(error), error.code)
            fields = {error.field: [sentence]} if error.field else {}
            return of_status(409, error.message, fields=fields, cause=error)
        case exceptions.UnsupportedMediaType():  # its own sentence repeats what was sent
            return of_status(415)
        case exceptions.APIException():
            message = str(error.detail)
            return of_status(error.status_code, message, headers=_headers(error), cause=error)
        case Http404():
            return of_status(404)
        case PermissionDenied():
            return of_status(403)
        case RequestDataTooBig():
            return of_status(413)
        case SuspiciousOperation() | BadRequest():
            return of_status(400)
        case _ if is_unavailable(error):
            logger.error("the database is not available", exc_info=error)
            return unavailable()
        case _:
            logger.error("unexpected error", exc_info=error)
            return of_status(500)


def _fields(detail: Any) -> dict[str, list[ErrorDetail]]:
    """DRF's error detail, by field; errors of no field are under `body`."""
    if not isinstance(detail, dict):
        return {"body": list(detail)}
    return {
        "body" if name == "non_field_errors" else str(name): list(messages)
        for name, messages in detail.items()
    }


def stored_fields(error: ValidationError) -> dict[str, list[ErrorDetail]]:
    """Django's validation errors, by the store's field."""
    by_field = error.error_dict if hasattr(error, "error_dict") else {"body": error.error_list}
    return {
        name: [ErrorDetail(text, each.code) for each in errors for text in each.messages]
        for name, errors in by_field.items()
    }


def _headers(error: exceptions.APIException) -> dict[str, str]:
    headers: dict[str, str] = dict(getattr(error, "headers", {}))
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(math.ceil(wait))
    return headers
